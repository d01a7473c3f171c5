import type { ButtonChange } from '../ports/body.ts';
import type { Clock, Timer } from '../ports/clock.ts';

/** A contact has settled when its level has held for this long. */
export const DEBOUNCE_MS = 20;

/**
 * Turns the edges of a bouncing contact into changes of a button, dated at their first edge. Edges may
 * be heard of long after they happened: a press and its release that wait together for a process
 * that was held up are a press all the same.
 */
export class Debounce {
  private level: boolean;
  private reported: boolean;
  private edgeMs = 0;
  /** Of the latest edge. */
  private latestMs = 0;
  private timer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    initial: boolean,
    private readonly onChange: (change: ButtonChange) => void,
  ) {
    this.level = initial;
    this.reported = initial;
  }

  /** Every level the contact shows, since `atMs`; repeats of the same are harmless. */
  see(level: boolean, atMs = this.clock.now()): void {
    if (level === this.level) return;
    // What had settled before this edge came is a change of its own.
    if (this.timer && atMs - this.latestMs >= DEBOUNCE_MS) this.settle();
    this.latestMs = atMs;
    // A burst of edges is one change, and it began with the first of them.
    if (!this.timer) this.edgeMs = atMs;
    this.level = level;
    this.timer?.cancel();
    this.timer = this.clock.after(DEBOUNCE_MS, () => this.settle());
  }

  close(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private settle(): void {
    this.timer?.cancel();
    this.timer = undefined;
    if (this.level === this.reported) return;
    this.reported = this.level;
    this.onChange({ pressed: this.level, atMs: this.edgeMs });
  }
}
