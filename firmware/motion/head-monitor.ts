import { Cadence } from '../core/cadence.ts';
import type { FaultCode, Refusal } from '../link/schema.ts';
import { AxisGuard } from './axis-guard.ts';
import type { AxisSensor, HeadParts } from './axis-sensor.ts';
import { HandWatch } from './hand-watch.ts';
import type { HeadMotion, Pose } from './head-motion.ts';
import type { ServoDrive } from './servo-drive.ts';

/** Why motion is blocked. */
export type Block = Extract<Refusal, 'notCalibrated' | 'fault' | 'hot' | 'batteryLow'>;

/** Sampling period of the encoders while asleep. */
const ASLEEP_READ_MS = 100;
/** At rest the servos hold for this long before torque is turned off. */
const HOLD_AT_REST_MS = 500;

/**
 * Measures the head and judges the result: its pose, whether servos, encoders and calibration allow
 * motion, and whether it has come to rest.
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

  /** Starts the readings for the next tick; fewer while asleep. */
  read(asleep: boolean, nowMs: number): void {
    if (asleep && this.sensorsGood && !this.asleepReads.due(nowMs)) return;
    for (const guard of this.guards) guard.sensor.tick();
  }

  measured(nowMs: number): Pose {
    return { pan: this.pan.deg(nowMs), tilt: this.tilt.deg(nowMs) };
  }

  /** The first reason not to move; `forbidden` (heat, battery) only if the head itself has none. */
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
   * Encoders that the board does not have. Without one the position is unknown, and the first pulse
   * would make the head jump, so it gets none.
   */
  get missing(): readonly AxisSensor[] {
    return this.guards.map((guard) => guard.sensor).filter((sensor) => !sensor.present);
  }

  /** Both axes have recent readings: with an older one the first pulse would make the head jump. */
  fresh(nowMs: number): boolean {
    return this.guards.every(({ sensor }) => sensor.fresh(nowMs));
  }

  get sensorsGood(): boolean {
    return this.guards.every((guard) => guard.sensor.good);
  }

  /** Both axes have followed a command. */
  get proven(): boolean {
    return this.guards.every((guard) => guard.proven);
  }

  /** An axis is in the pause after a stall or a following error. */
  get waiting(): boolean {
    return this.guards.some((guard) => guard.waiting);
  }

  get hottestC(): number {
    return Math.max(...this.guards.map((guard) => guard.heat.celsius));
  }

  /** Torque is turned on, with pulses for the measured angles. */
  torqueOn(nowMs: number): void {
    for (const guard of this.guards) guard.adopted(nowMs);
  }

  /** Torque is turned off: somebody may turn the head. */
  torqueOff(nowMs: number): void {
    this.hand.restart(nowMs);
  }

  /** To be called each tick while torque is off: whether nobody turns the head any more. */
  handGone(nowMs: number): boolean {
    return this.hand.gone(this.measured(nowMs), nowMs);
  }

  /** To be called each tick; `atRest`: the head stands at its rest pose. */
  rested(atRest: boolean, nowMs: number): boolean {
    this.restingSinceMs = atRest ? (this.restingSinceMs ?? nowMs) : undefined;
    return this.restingSinceMs !== undefined && nowMs - this.restingSinceMs >= HOLD_AT_REST_MS;
  }
}
