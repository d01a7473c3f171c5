import { Cadence } from '../core/cadence.ts';
import type { FaultCode, Refusal } from '../link/schema.ts';
import { AxisGuard } from './axis-guard.ts';
import type { AxisSensor, HeadParts } from './axis-sensor.ts';
import { HandWatch } from './hand-watch.ts';
import type { HeadMotion, Pose } from './head-motion.ts';
import type { ServoDrive } from './servo-drive.ts';

/** Why motion is not allowed at all. */
export type Block = Extract<Refusal, 'notCalibrated' | 'fault' | 'hot' | 'batteryLow'>;

/** How often the axes of a sleeping head are measured. */
const ASLEEP_READ_MS = 100;
/** At rest the servos hold on for this long before torque is turned off. */
const HOLD_AT_REST_MS = 500;

/**
 * Measures the head and judges what it measured: where the head is, whether servos, encoders and
 * calibration are well enough to move it, and whether it has come to rest.
 */
export class HeadMonitor {
  readonly pan: AxisGuard;
  readonly tilt: AxisGuard;
  readonly guards: readonly AxisGuard[];
  private readonly asleepReads = new Cadence(ASLEEP_READ_MS);
  private readonly hand = new HandWatch();
  private restingSinceMs: number | undefined;

  constructor(
    head: HeadMotion,
    private readonly servos: ServoDrive,
    private readonly parts: HeadParts,
  ) {
    this.pan = new AxisGuard('pan', head.pan, parts);
    this.tilt = new AxisGuard('tilt', head.tilt, parts);
    this.guards = [this.pan, this.tilt];
  }

  /** Starts the readings that the next tick decides from; a sleeping head needs fewer. */
  read(asleep: boolean, nowMs: number): void {
    if (asleep && this.sensorsGood && !this.asleepReads.due(nowMs)) return;
    for (const guard of this.guards) guard.sensor.tick();
  }

  measured(nowMs: number): Pose {
    return { pan: this.pan.deg(nowMs), tilt: this.tilt.deg(nowMs) };
  }

  /** The first reason not to move; `forbidden` by heat or battery only if the head itself is well. */
  block(forbidden: Block | undefined): Block | undefined {
    if (!this.servos.present || this.missing.length > 0) return 'fault';
    if (!this.parts.calibration || this.guards.some((guard) => guard.broken))
      return 'notCalibrated';
    if (!this.sensorsGood || this.servos.lost) return 'fault';
    return forbidden;
  }

  faults(add: (code: FaultCode) => void): void {
    if (this.servos.present) {
      if (!this.parts.calibration) add('notCalibrated');
      for (const sensor of this.missing) add(sensor.code);
    }
    for (const guard of this.guards) guard.faults(add);
    this.servos.faults(add);
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
    return this.guards.every(({ sensor }) => sensor.fresh(nowMs));
  }

  get sensorsGood(): boolean {
    return this.guards.every((guard) => guard.sensor.good);
  }

  /** Both axes have been seen to follow a command. */
  get proven(): boolean {
    return this.guards.every((guard) => guard.proven);
  }

  /** An axis is still in the pause that follows a stall. */
  get waiting(): boolean {
    return this.guards.some((guard) => guard.waiting);
  }

  get hottestC(): number {
    return Math.max(...this.guards.map((guard) => guard.heat.celsius));
  }

  /** The servos got torque, with the pulses of the measured angles. */
  torqueOn(nowMs: number): void {
    for (const guard of this.guards) guard.adopted(nowMs);
  }

  /** The servos lost torque: whoever holds the head now may turn it. */
  torqueOff(nowMs: number): void {
    this.hand.restart(nowMs);
  }

  /** To be asked each tick that torque is off: somebody may be turning the head. */
  handGone(nowMs: number): boolean {
    return this.hand.gone(this.measured(nowMs), nowMs);
  }

  /** To be asked each tick; `there`: the head stands at its rest. */
  rested(there: boolean, nowMs: number): boolean {
    this.restingSinceMs = there ? (this.restingSinceMs ?? nowMs) : undefined;
    return this.restingSinceMs !== undefined && nowMs - this.restingSinceMs >= HOLD_AT_REST_MS;
  }
}
