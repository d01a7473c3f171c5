import type { Calibration } from '../../hal/boards/calibration.ts';
import type { FaultCode, Refusal } from '../link/schema.ts';
import type { AxisGuard } from './axis-guard.ts';
import type { AxisSensor } from './axis-sensor.ts';
import type { ServoDrive } from './servo-drive.ts';

/** Why motion is not allowed at all. */
export type Block = Extract<Refusal, 'notCalibrated' | 'fault' | 'hot' | 'batteryLow'>;

/** The loop's longest wait between ticks, and a slow reading. */
const FRESH_MS = 80;

/** What is amiss with servos, encoders and calibration, and so whether the head may move at all. */
export class HeadCondition {
  constructor(
    private readonly guards: readonly AxisGuard[],
    private readonly servos: ServoDrive,
    private readonly calibration: Calibration | undefined,
  ) {}

  /** The first reason not to move; `forbidden` by heat or battery only if the head itself is well. */
  block(forbidden: Block | undefined): Block | undefined {
    if (!this.servos.present) return 'fault';
    if (this.missing.length > 0) return 'fault';
    if (!this.calibration || this.guards.some((guard) => guard.broken)) return 'notCalibrated';
    if (!this.sensorsGood || this.servos.lost) return 'fault';
    return forbidden;
  }

  faults(add: (code: FaultCode) => void): void {
    if (!this.calibration && this.servos.present) add('notCalibrated');
    if (this.servos.present) for (const sensor of this.missing) add(sensor.code);
    for (const guard of this.guards) guard.faults(add);
    if (this.servos.faulty) add(this.servos.code);
  }

  /**
   * Encoders that the board does not have. Without one nobody knows where the head is: the first
   * pulse would throw it from there to anywhere, so it gets none.
   */
  get missing(): readonly AxisSensor[] {
    return this.guards.map((guard) => guard.sensor).filter((sensor) => !sensor.present);
  }

  /** Both axes were measured just now: a first pulse for an older angle would throw the head there. */
  fresh(nowMs: number): boolean {
    return this.guards.every(({ sensor }) => !sensor.present || nowMs - sensor.readMs <= FRESH_MS);
  }

  get sensorsGood(): boolean {
    return this.guards.every((guard) => guard.sensor.good);
  }

  /** Both axes have been seen to follow a command. */
  get proven(): boolean {
    return this.guards.every((guard) => guard.proven);
  }

  get hottestC(): number {
    return Math.max(...this.guards.map((guard) => guard.heat.celsius));
  }
}
