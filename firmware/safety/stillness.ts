/** Smaller movements are the sensor's noise, degrees from lowest to highest. */
const STILL_DEG = 1.5;

/** How long an angle has stayed where it is: tells when a hand has let go of the head. */
export class Stillness {
  private min = Number.POSITIVE_INFINITY;
  private max = Number.NEGATIVE_INFINITY;
  private sinceMs = 0;

  /** Milliseconds for which the angle, this one included, has been still. */
  add(deg: number, nowMs: number): number {
    this.min = Math.min(this.min, deg);
    this.max = Math.max(this.max, deg);
    if (this.max - this.min > STILL_DEG) {
      this.min = deg;
      this.max = deg;
      this.sinceMs = nowMs;
    }
    return nowMs - this.sinceMs;
  }

  restart(nowMs: number): void {
    this.min = Number.POSITIVE_INFINITY;
    this.max = Number.NEGATIVE_INFINITY;
    this.sinceMs = nowMs;
  }
}
