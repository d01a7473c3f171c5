import { Machine, type MachineOf } from '../core/state-machine.ts';
import type { FaultCode } from '../link/schema.ts';
import { distrusted, stepTrust, TRUST_START, type TrustEffect } from '../safety/trust.ts';
import type { Axis } from './axis.ts';
import { AxisSensor, type HeadParts } from './axis-sensor.ts';
import {
  FOLLOW_START,
  type FollowEffect,
  STALL_START,
  stepFollow,
  stepStall,
} from './follow-watch.ts';
import { ServoHeat } from './servo-heat.ts';

/** Monitors one axis: compares command and measurement, and estimates the servo's heating. */
export class AxisGuard {
  private readonly follow: MachineOf<typeof stepFollow>;
  private readonly stall: MachineOf<typeof stepStall>;
  private readonly trust: MachineOf<typeof stepTrust>;
  readonly sensor: AxisSensor;
  readonly heat = new ServoHeat();
  private readonly stallFault: FaultCode;
  private lastMs: number;

  constructor(
    name: 'pan' | 'tilt',
    readonly axis: Axis,
    parts: HeadParts,
  ) {
    const { clock, log } = parts;
    const stallFault = `${name}Stall` as const;
    this.sensor = new AxisSensor(name, parts);
    this.stallFault = stallFault;
    this.follow = new Machine(`${stallFault}.follow`, stepFollow, FOLLOW_START, log, 'debug');
    this.stall = new Machine(stallFault, stepStall, STALL_START, log);
    this.trust = new Machine(`${stallFault}.trust`, stepTrust, TRUST_START, log);
    this.lastMs = clock.now();
  }

  /** Measured angle; the commanded one without an encoder. */
  deg(nowMs: number): number {
    return this.sensor.present ? this.sensor.deg : this.axis.at(nowMs).p;
  }

  degPerS(nowMs: number): number {
    return this.sensor.present ? this.sensor.degPerS : this.axis.at(nowMs).v;
  }

  /** In the pause after a stall or a following error. */
  get waiting(): boolean {
    return this.stall.state.name === 'waiting' || this.trust.state.name === 'waiting';
  }

  /** Has followed a command, or has no encoder. Until then it moves slowly. */
  get proven(): boolean {
    return !this.sensor.present || this.trust.state.name === 'proven';
  }

  /** Its motion contradicts the calibration, and no retry is left. */
  get broken(): boolean {
    return this.trust.state.name === 'broken';
  }

  faults(add: (code: FaultCode) => void): void {
    if (this.stall.state.name !== 'free') add(this.stallFault);
    if (this.sensor.faulty) add(this.sensor.code);
    if (distrusted(this.trust.state, this.lastMs)) add('miscalibrated');
  }

  /** Compares command and measurement; the result is for the head's state machine. */
  watch(nowMs: number, powered: boolean): FollowEffect | TrustEffect | undefined {
    const { p, v } = this.axis.at(nowMs);
    const errorDeg = this.sensor.present ? this.sensor.deg - p : 0;
    this.heat.add((nowMs - this.lastMs) / 1000, powered, v, errorDeg);
    this.lastMs = nowMs;
    this.stall.send({ type: 'tick', atMs: nowMs, powered });
    this.trust.send({ type: 'tick', atMs: nowMs });
    if (!powered || !this.sensor.present) return undefined;
    const { deg: measuredDeg, readMs: measuredMs } = this.sensor;
    const sample = { atMs: nowMs, commandDeg: p, measuredDeg, measuredMs };
    const [followingError] = this.trust.send({ type: 'sample', ...sample });
    if (followingError) return followingError;
    const moving = this.axis.moving(nowMs);
    const [found] = this.follow.send({ type: 'sample', atMs: nowMs, errorDeg, speed: v, moving });
    if (found === 'stall') this.stall.send({ type: 'stall', atMs: nowMs });
    return found;
  }

  /** The command was set to the measured angle, and the servos are powered. */
  adopted(nowMs: number): void {
    this.follow.send({ type: 'adopted' });
    this.trust.send({ type: 'powered', atMs: nowMs, deg: this.axis.at(nowMs).p });
  }
}
