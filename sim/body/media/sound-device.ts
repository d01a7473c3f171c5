import type { Clock, Timer } from '../../../hal/ports/clock.ts';
import type { MediaState } from '../../../hal/ports/media.ts';
import type { WorldPort } from '../../world/schema.ts';
import { DeviceState } from './device-state.ts';

export const CHUNK_MS = 10;
/** Timers have a grain of a millisecond and may wake that much early. */
const EARLY_MS = 1;

/** The grid of 10 ms on which a sound card works, whenever timers happen to wake. */
export class ChunkGrid {
  /** Whole milliseconds, so that chunks begin on whole samples. */
  private readonly startMs: number;
  private next = 0;

  constructor(private readonly clock: Clock) {
    this.startMs = Math.floor(clock.now());
  }

  /**
   * The starts of the chunks that are over and were not given out yet, oldest first: at most `most`,
   * the newest ones.
   */
  due(most: number): number[] {
    const over = Math.floor((this.clock.now() - this.startMs + EARLY_MS) / CHUNK_MS);
    const first = Math.max(this.next, over - most);
    this.next = Math.max(this.next, over);
    return Array.from({ length: Math.max(0, over - first) }, (_, i) => this.atMs(first + i));
  }

  private atMs(chunk: number): number {
    return this.startMs + chunk * CHUNK_MS;
  }
}

/** What microphone and speaker have in common: a state, and a timer of 10 ms. */
export abstract class SoundDevice {
  readonly present = true;
  protected readonly device: DeviceState;
  protected timer: Timer | undefined;
  protected grid: ChunkGrid;

  constructor(
    protected readonly world: WorldPort,
    protected readonly clock: Clock,
    needs: ConstructorParameters<typeof DeviceState>[1],
  ) {
    this.device = new DeviceState(world, needs);
    this.grid = new ChunkGrid(clock);
  }

  get state(): MediaState {
    return this.device.current;
  }

  onState(listener: Parameters<DeviceState['onState']>[0]): () => void {
    return this.device.onState(listener);
  }

  async stop(): Promise<void> {
    this.timer?.cancel();
    this.timer = undefined;
    this.device.become('idle');
  }

  protected begin(beat: () => void): void {
    this.timer?.cancel();
    this.device.become('waiting');
    this.grid = new ChunkGrid(this.clock);
    this.timer = this.clock.every(CHUNK_MS, beat);
  }
}
