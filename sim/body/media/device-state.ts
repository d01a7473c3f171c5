/** Keeps a device's state and tells its changes. */
import type { MediaState } from '../../../hal/ports/media.ts';

type Listener = (state: MediaState, why: string) => void;

export class DeviceState {
  private listeners: Listener[] = [];
  private now: MediaState = 'idle';

  get current(): MediaState {
    return this.now;
  }

  /** Does nothing when the state is the same. */
  become(state: MediaState, why = ''): void {
    if (state === this.now) return;
    this.now = state;
    for (const listener of [...this.listeners]) listener(state, why);
  }

  onState(listener: Listener): () => void {
    this.listeners.push(listener);
    return () => {
      this.listeners = this.listeners.filter((other) => other !== listener);
    };
  }
}
