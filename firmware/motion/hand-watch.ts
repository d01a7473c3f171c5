import type { Pose } from './head-motion.ts';

/** The hand is gone from a head that has stood still for this long. */
const GONE_MS = 1_000;
/** Smaller movements are the sensor's noise, degrees from lowest to highest. */
const STILL_DEG = 1.5;

/** Tells by its angles whether somebody still turns a head that has no torque. */
export class HandWatch {
  private readonly pan = new Stillness();
  private readonly tilt = new Stillness();

  /** From now on somebody may be turning the head. */
  restart(nowMs: number): void {
    this.pan.restart(nowMs);
    this.tilt.restart(nowMs);
  }

  /** Nobody does, the head of this pose included. */
  gone({ pan, tilt }: Pose, nowMs: number): boolean {
    const panMs = this.pan.add(pan, nowMs);
    const tiltMs = this.tilt.add(tilt, nowMs);
    return Math.min(panMs, tiltMs) >= GONE_MS;
  }
}

/** How long an angle has stayed where it is. */
class Stillness {
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
