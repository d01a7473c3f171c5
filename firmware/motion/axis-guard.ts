import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { FaultCode } from '../link/schema.ts';
import { ServoHeat } from '../power/servo-heat.ts';
import {
  FOLLOW_START,
  type FollowEffect,
  type FollowEvent,
  type FollowState,
  stepFollow,
} from '../safety/follow-watch.ts';
import { Machine } from '../safety/machine.ts';
import { STALL_START, type StallEvent, type StallState, stepStall } from '../safety/stall-retry.ts';
import type { Axis } from './axis.ts';
import type { AxisSensor } from './axis-sensor.ts';

/** Watches one axis: command beside measurement, and what the servo's motor takes of it. */
export class AxisGuard {
  private readonly follow: Machine<FollowState, FollowEvent, FollowEffect>;
  private readonly stall: Machine<StallState, StallEvent, never>;
  readonly heat = new ServoHeat();
  private lastMs: number;

  constructor(
    readonly axis: Axis,
    readonly sensor: AxisSensor,
    readonly stallFault: FaultCode,
    readonly encoderFault: FaultCode,
    clock: Clock,
    log: Log,
  ) {
    this.follow = new Machine(`${stallFault}.follow`, stepFollow, FOLLOW_START, log, 'debug');
    this.stall = new Machine(stallFault, stepStall, STALL_START, log);
    this.lastMs = clock.now();
  }

  /** Measured angle; the commanded one where nothing measures. */
  deg(nowMs: number): number {
    return this.sensor.present ? this.sensor.deg : this.axis.at(nowMs).p;
  }

  degPerS(nowMs: number): number {
    return this.sensor.present ? this.sensor.degPerS : this.axis.at(nowMs).v;
  }

  get stalled(): boolean {
    return this.stall.state.name !== 'free';
  }

  /** Still in the pause that follows a stall. */
  get waiting(): boolean {
    return this.stall.state.name === 'waiting';
  }

  /** Compares command and measurement; what it finds is for the head's state machine. */
  watch(nowMs: number, powered: boolean): FollowEffect | undefined {
    const { p, v } = this.axis.at(nowMs);
    const errorDeg = this.sensor.present ? this.sensor.deg - p : 0;
    this.heat.add((nowMs - this.lastMs) / 1000, powered, v, errorDeg);
    this.lastMs = nowMs;
    this.stall.send({ type: 'tick', atMs: nowMs, powered });
    if (!powered || !this.sensor.present) return undefined;
    const moving = this.axis.moving(nowMs);
    const [found] = this.follow.send({ type: 'sample', atMs: nowMs, errorDeg, speed: v, moving });
    if (found === 'stall') this.stall.send({ type: 'stall', atMs: nowMs });
    return found;
  }

  adopted(): void {
    this.follow.send({ type: 'adopted' });
  }
}
