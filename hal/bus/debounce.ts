import type { ButtonChange } from '../ports/body.ts';
import type { Clock, Timer } from '../ports/clock.ts';

/** A contact has settled when its level has held for this long. */
export const DEBOUNCE_MS = 20;

/**
 * Turns the edges of a bouncing contact into button changes, time-stamped at their first edge. Edges
 * may be delivered late: a press and its release that were queued together while the process was
 * stalled still count as a press.
 */
export class Debounce {
  private level: boolean;
  private reported: boolean;
  private edgeMs = 0;
  /** Time of the latest edge. */
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

  /** To be called with every level of the contact, since `atMs`; repeats are ignored. */
  see(level: boolean, atMs = this.clock.now()): void {
    if (level === this.level) return;
    // A level that had settled before this edge is a change of its own.
    if (this.timer && atMs - this.latestMs >= DEBOUNCE_MS) this.settle();
    this.latestMs = atMs;
    // A burst of edges is one change, dated at the first of them.
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
