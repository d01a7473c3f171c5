import type { Calibration } from '../boards/calibration.ts';
import type { Clock } from '../ports/clock.ts';

/** What stands on the servos' wires; undefined: no pulses on that channel, its servo has no torque. */
interface HeadPulses {
  readonly panUs: number | undefined;
  readonly tiltUs: number | undefined;
}

interface Axis {
  deg: number;
  targetDeg: number | undefined;
}

/** As fast as the common servo turns under load. */
const SERVO_DEG_PER_S = 330;

/**
 * A head that turns to where its pulses say, at a servo's speed, and stays where it is when they
 * stop. No mass and no gears: enough to close the loop through real drivers.
 */
export class FakeHead {
  private readonly pan: Axis;
  private readonly tilt: Axis;
  private atMs: number;

  constructor(
    private readonly clock: Clock,
    /** How this head truly is built, whatever a calibration file says of it. */
    private readonly build: Calibration,
    private readonly pulses: () => HeadPulses,
    start: { readonly panDeg: number; readonly tiltDeg: number } = { panDeg: 0, tiltDeg: -25 },
  ) {
    this.pan = { deg: start.panDeg, targetDeg: undefined };
    this.tilt = { deg: start.tiltDeg, targetDeg: undefined };
    this.atMs = clock.now();
  }

  /** Brings the head up to now. To be called right before and after its pulses change. */
  update(): void {
    const nowMs = this.clock.now();
    const reachDeg = (SERVO_DEG_PER_S * (nowMs - this.atMs)) / 1000;
    this.atMs = nowMs;
    for (const axis of [this.pan, this.tilt])
      if (axis.targetDeg !== undefined)
        axis.deg += clamp(axis.targetDeg - axis.deg, -reachDeg, reachDeg);
    const { panUs, tiltUs } = this.pulses();
    const { pan, tilt } = this.build;
    this.pan.targetDeg = panUs === undefined ? undefined : (panUs - pan.zeroUs) / pan.usPerDeg;
    this.tilt.targetDeg = tiltUs === undefined ? undefined : (tiltUs - tilt.zeroUs) / tilt.usPerDeg;
  }

  /** True angle, degrees of the room. */
  get panDeg(): number {
    this.update();
    return this.pan.deg;
  }

  get tiltDeg(): number {
    this.update();
    return this.tilt.deg;
  }

  /** Angle of the axis' magnet as its encoder sees it, degrees, not wrapped. */
  encoderDeg(axis: 'pan' | 'tilt'): number {
    const { encoderZeroDeg, encoderDirection } = this.build[axis];
    return encoderZeroDeg + encoderDirection * (axis === 'pan' ? this.panDeg : this.tiltDeg);
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
