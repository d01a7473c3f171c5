/**
 * When the sound of each chunk began, from when chunks arrive. A card delivers evenly, a busy
 * machine hands over late: the least late of a second is believed.
 */
const CHUNK_MS = 10;
const WINDOW_CHUNKS = 100;
/** Times always rise, even when a burst arrives. */
const LEAST_STEP_MS = 0.01;

export class CaptureClock {
  private last: number | undefined;
  private leastLateMs = Number.POSITIVE_INFINITY;
  private seen = 0;

  /** Start of the chunk that is complete at `nowMs`. */
  next(nowMs: number): number {
    const arrived = nowMs - CHUNK_MS;
    if (this.last === undefined) {
      this.last = arrived;
      return arrived;
    }
    // Sound cannot arrive before it was made: an early one corrects at once.
    let at = Math.max(this.last + LEAST_STEP_MS, Math.min(this.last + CHUNK_MS, arrived));
    this.leastLateMs = Math.min(this.leastLateMs, arrived - at);
    this.seen += 1;
    if (this.seen === WINDOW_CHUNKS) {
      // All were late: the card's clock is slower than ours, or sound was lost.
      at += Math.max(0, this.leastLateMs);
      this.leastLateMs = Number.POSITIVE_INFINITY;
      this.seen = 0;
    }
    this.last = at;
    return at;
  }
}
