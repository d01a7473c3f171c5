/** The grid of 10 ms on which a sound card works, whenever timers happen to wake. */
import type { Clock } from '../../../hal/ports/clock.ts';

export const CHUNK_MS = 10;
/** Timers have a grain of a millisecond and may wake that much early. */
const EARLY_MS = 1;

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
