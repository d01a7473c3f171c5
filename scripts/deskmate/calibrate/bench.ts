import type { AngleEncoder, AngleReading, HeadServos } from '../../../hal/ports/body.ts';
import { type Clock, delay } from '../../../hal/ports/clock.ts';
import { HardwareFault } from '../../../hal/ports/fault.ts';
import { type AxisName, refuse } from './problem.ts';

/** Direct access to the head for calibration: pulses out, raw angles in, with bus retries. */
export class HeadBench {
  private readonly last = { pan: 1500, tilt: 1500 };

  constructor(
    private readonly servos: HeadServos,
    private readonly encoders: Record<AxisName, AngleEncoder>,
    private readonly clock: Clock,
  ) {}

  wait(ms: number): Promise<void> {
    return delay(this.clock, ms);
  }

  /** One raw angle, 0..360. Fails without a magnet. */
  async raw(axis: AxisName): Promise<number> {
    const reading: AngleReading = await this.tried(() => this.encoders[axis].read());
    if (reading.magnet === 'missing') refuse({ kind: 'noMagnet', axis });
    return reading.rawDeg;
  }

  /** The mean of half a second in which the head stood still. */
  async steady(axis: AxisName): Promise<number> {
    const first = await this.raw(axis);
    let [sum, low, high] = [0, 0, 0];
    for (let i = 0; i < STEADY_READINGS; i++) {
      await this.wait(READ_MS);
      const off = wrap((await this.raw(axis)) - first);
      [sum, low, high] = [sum + off, Math.min(low, off), Math.max(high, off)];
    }
    if (high - low > STEADY_DEG) refuse({ kind: 'unsteady', axis, spreadDeg: high - low });
    return (((first + sum / STEADY_READINGS) % 360) + 360) % 360;
  }

  /** Holds both servos; the other one keeps its last command. */
  async send(pulses: Partial<Record<AxisName, number>>): Promise<void> {
    Object.assign(this.last, pulses);
    await this.tried(() => this.servos.setPulses(this.last.pan, this.last.tilt));
  }

  async torqueOff(): Promise<void> {
    await this.tried(() => this.servos.release());
  }

  /** Single bus errors are tolerated; several in a row mean a broken chip. */
  private async tried<T>(call: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof HardwareFault)) throw error;
        if (tries === TRIES) refuse({ kind: 'noAnswer', device: error.device, why: error.message });
        await this.wait(READ_MS);
      }
    }
  }
}

const TRIES = 4;
export const READ_MS = 20;
const STEADY_READINGS = 25;
/** Sensor noise, and tremor of a hand holding the head still. */
const STEADY_DEG = 2;

/** -180 <= x < 180 */
export function wrap(deg: number): number {
  return deg - 360 * Math.floor((deg + 180) / 360);
}

/** Follows an angle over more than a turn. */
export class Unwrapped {
  private angle: number;

  constructor(deg: number) {
    this.angle = wrap(deg);
  }

  see(deg: number): number {
    this.angle += wrap(deg - this.angle);
    return this.angle;
  }
}
