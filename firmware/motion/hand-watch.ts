import type { Pose } from './head-motion.ts';

/** The hand is considered gone once the head has stood still for this long. */
const GONE_MS = 1_000;
/** Peak-to-peak movement below this is sensor noise, degrees. */
const STILL_DEG = 1.5;

/** Detects from its angles whether somebody still turns a head while torque is off. */
export class HandWatch {
  private readonly pan = new Stillness();
  private readonly tilt = new Stillness();

  /** From now on somebody may be turning the head. */
  restart(nowMs: number): void {
    this.pan.restart(nowMs);
    this.tilt.restart(nowMs);
  }

  /** Nobody turns it any more; `pose` is the latest sample. */
  gone({ pan, tilt }: Pose, nowMs: number): boolean {
    const panMs = this.pan.add(pan, nowMs);
    const tiltMs = this.tilt.add(tilt, nowMs);
    return Math.min(panMs, tiltMs) >= GONE_MS;
  }
}

/** Measures how long an angle has been constant. */
class Stillness {
  private min = Number.POSITIVE_INFINITY;
  private max = Number.NEGATIVE_INFINITY;
  private sinceMs = 0;

  /** Adds a sample; returns for how long the angle has been constant, ms. */
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
