/**
 * Latest wins, at this end of the pipe: while this process was busy, frames grew old in the pipe
 * (of small ones it holds several) and newer ones were dropped at the camera. The old ones are
 * dropped too: a fresh one is an interval away.
 */
export class Freshness {
  private ages: number[] = [];
  private droppingSinceMs: number | undefined;

  constructor(private readonly intervalMs: number) {}

  /** Whether a frame of this age goes to the listener. */
  passes(ageMs: number, nowMs: number): boolean {
    // The first pictures of a pipeline that is still warming up are older than they need to be.
    const usualMs = this.ages.length > 0 ? Math.min(...this.ages) : 0;
    const late = ageMs > usualMs + LATE_INTERVALS * this.intervalMs;
    if (!late) {
      this.droppingSinceMs = undefined;
      this.ages.push(ageMs);
      if (this.ages.length > REMEMBERED) this.ages.shift();
      return true;
    }
    this.droppingSinceMs ??= nowMs;
    if (nowMs - this.droppingSinceMs < PATIENCE_INTERVALS * this.intervalMs) return false;
    // Nothing fresher comes: the way takes longer than before, and this is the usual age now.
    this.droppingSinceMs = undefined;
    this.ages = [ageMs];
    return true;
  }
}

/** The quickest of so many frames is what the way takes. */
const REMEMBERED = 32;
const LATE_INTERVALS = 1.5;
const PATIENCE_INTERVALS = 3;
