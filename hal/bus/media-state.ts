import type { MediaState } from '../ports/media.ts';

type Listener = (state: MediaState, why: string) => void;

/** The state of a camera, a microphone or a speaker; listeners are notified of changes. */
export class MediaStateTeller {
  private readonly listeners = new Set<Listener>();
  private current: MediaState = 'idle';

  get state(): MediaState {
    return this.current;
  }

  onState(listener: Listener): () => void {
    // Wrapped, so that a listener registered twice is called twice.
    const entry: Listener = (state, why) => listener(state, why);
    this.listeners.add(entry);
    return () => this.listeners.delete(entry);
  }

  /** Does nothing when the state is the same. */
  become(state: MediaState, why: string): void {
    if (state === this.current) return;
    this.current = state;
    for (const listener of [...this.listeners]) listener(state, why);
  }
}
