import { type WorldCommand, type WorldPort, type WorldState, WorldUnreachable } from './schema.ts';
import type { World } from './world.ts';

/** The world in the same process, for tests and scenarios. Closing the port leaves the world. */
export class MemoryWorldPort implements WorldPort {
  private newest: WorldState | undefined;
  private readonly listeners = new Set<(state: WorldState) => void>();
  private stopListening: () => void;
  private reachable = true;

  constructor(private readonly world: World) {
    this.stopListening = world.onTell((state) => this.take(state));
    this.newest = world.snapshot();
  }

  get latest(): WorldState | undefined {
    return this.reachable ? this.newest : undefined;
  }

  onState(listener: (state: WorldState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async send(command: WorldCommand): Promise<void> {
    if (!this.reachable) throw new WorldUnreachable('the world is out of reach');
    this.world.apply(command);
  }

  /** Tests: takes the world out of reach, as when its process is gone, and back. */
  setReachable(reachable: boolean): void {
    this.reachable = reachable;
    if (reachable) this.take(this.world.snapshot());
  }

  async close(): Promise<void> {
    this.reachable = false;
    this.stopListening();
    this.stopListening = () => {};
    this.listeners.clear();
  }

  private take(state: WorldState): void {
    if (!this.reachable) return;
    this.newest = state;
    for (const listener of this.listeners) listener(state);
  }
}
