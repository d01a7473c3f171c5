import type { Durations, Percentiles } from '../core/durations.ts';
import { Machine, type MachineOf } from '../core/state-machine.ts';
import type { Motion, Refusal } from '../link/schema.ts';
import {
  HEAD_START,
  type HeadEffect,
  type HeadEvent,
  type HeadStateName,
  type Posture,
  stepHead,
} from '../safety/posture.ts';
import type { HeadParts } from './axis-sensor.ts';
import { type Block, HeadMonitor } from './head-monitor.ts';
import type { HeadMotion } from './head-motion.ts';
import { type HeadIntent, HeadPlanner } from './head-planner.ts';
import { ServoDrive } from './servo-drive.ts';

/**
 * Controls the head. The monitor measures, a state machine decides torque and posture, the planner
 * computes the setpoints, the drive writes them to the servos.
 */
export class HeadControl {
  private readonly servos: ServoDrive;
  private readonly planner: HeadPlanner;
  readonly monitor: HeadMonitor;
  private readonly machine: MachineOf<typeof stepHead>;
  private block: Block | undefined = 'fault';
  /** Torque may be turned on. */
  private mayStart = true;
  private quiet = false;

  constructor(private readonly parts: HeadParts) {
    const { hardware, board, calibration, clock, log } = parts;
    this.servos = new ServoDrive(hardware.servos, calibration, clock, log);
    this.planner = new HeadPlanner(board, this.servos, clock.now());
    this.monitor = new HeadMonitor(this.head, this.servos, parts);
    this.machine = new Machine('head', stepHead, HEAD_START, log);
  }

  /**
   * To be called each tick. `forbidden`: why heat or battery forbid motion. `mayStart`: torque may
   * be turned on; not while the agent is silent, whose wishes may have changed.
   */
  tick(nowMs: number, forbidden: Block | undefined, mayStart: boolean): void {
    this.planner.catchUp(nowMs);
    this.servos.watch(nowMs);
    this.permit(nowMs, forbidden, mayStart);
    this.head.tick(nowMs);
    this.judge(nowMs);
    this.drive(nowMs);
    this.monitor.read(this.machine.state.name === 'asleep', nowMs);
  }

  /** Updates whether the head may move at all. */
  private permit(nowMs: number, forbidden: Block | undefined, mayStart: boolean): void {
    if (!mayStart) this.planner.forgetResumeGoal();
    const decided = this.machine.state.posture !== undefined;
    this.mayStart = (mayStart || !decided) && this.monitor.fresh(nowMs);
    this.block = this.monitor.block(forbidden);
    if (this.block) this.send({ type: 'block' }, nowMs);
    else if (this.mayStart) this.send({ type: 'unblock' }, nowMs);
  }

  /** Detects following errors, stalls, a hand that turns the head, and arrival at rest. */
  private judge(nowMs: number): void {
    const { monitor } = this;
    const powered = !this.servos.torqueOff;
    for (const guard of monitor.guards) {
      const found = guard.watch(nowMs, powered);
      // A following error or a stall: torque off, and a retry after a pause.
      if (found) this.send({ type: found === 'turned' ? 'turned' : 'stall' }, nowMs);
    }
    const { name } = this.machine.state;
    if (name === 'stalled' && this.mayStart && !monitor.waiting)
      this.send({ type: 'retry' }, nowMs);
    const handGone = this.servos.torqueOff && monitor.handGone(nowMs);
    if (name === 'handTurned' && handGone && this.mayStart) this.send({ type: 'handGone' }, nowMs);
    if (monitor.rested(name === 'rest' && !this.head.moving(nowMs), nowMs))
      this.send({ type: 'atRest' }, nowMs);
  }

  private drive(nowMs: number): void {
    if (this.servos.torqueOff) this.servos.push();
    else this.servos.hold(this.head.at(nowMs));
  }

  private send(event: HeadEvent, nowMs: number): void {
    for (const effect of this.machine.send(event)) this.perform[effect](nowMs);
  }

  /** The handler of each effect. */
  private readonly perform: Record<HeadEffect, (nowMs: number) => void> = {
    torqueOff: (nowMs) => {
      this.planner.interrupt(this.monitor.measured(nowMs), nowMs);
      this.servos.turnTorqueOff();
      this.monitor.torqueOff(nowMs);
    },
    torqueOn: (nowMs) => {
      const pose = this.monitor.measured(nowMs);
      this.head.adopt(pose, nowMs);
      this.monitor.torqueOn(nowMs);
      this.servos.hold(pose);
    },
    pose: (nowMs) => {
      this.useProfile(nowMs);
      this.planner.goTo(this.machine.state.posture ?? 'rest', nowMs);
    },
    resume: (nowMs) => this.planner.resumeAfterStall(this.monitor.measured(nowMs), nowMs),
  };

  /** Sets the posture; idempotent. */
  setPosture(posture: Posture, nowMs: number): void {
    this.planner.catchUp(nowMs);
    const { state } = this.machine;
    if (posture === state.posture) return;
    this.planner.leave(posture, state.name === 'awake', nowMs);
    this.send({ type: 'posture', posture }, nowMs);
  }

  setQuiet(quiet: boolean, nowMs: number): void {
    this.quiet = quiet;
    this.useProfile(nowMs);
  }

  /** The quiet profile is also used for rest and pause, and until both axes have followed. */
  private useProfile(nowMs: number): void {
    const awake = this.machine.state.posture === 'awake';
    const gentle = this.quiet || !awake || !this.monitor.proven;
    this.head.use(gentle ? 'quiet' : 'normal', nowMs);
  }

  /**
   * Carries out a pupil's command and writes its first setpoint at once, or returns the refusal.
   */
  take(intent: HeadIntent, nowMs: number): Refusal | undefined {
    const refusal = refusalOf(this.machine.state.name, this.block);
    if (refusal && intent.kind === 'stop') {
      // Nothing that the pupil started moves: only a resume goal is left to cancel.
      this.planner.forgetResumeGoal();
      return undefined;
    }
    if (refusal) return refusal;
    this.planner.take(intent, nowMs);
    const receivedAtMs = 'receivedAtMs' in intent ? intent.receivedAtMs : undefined;
    this.servos.begin(this.head.at(nowMs), receivedAtMs);
    return undefined;
  }

  /** Emergency stop: the agent is silent. */
  brake(nowMs: number): void {
    this.planner.brake(nowMs);
  }

  /** The agent's messages resumed in time. */
  resume(nowMs: number): void {
    this.planner.resumeAfterBrake(nowMs);
  }

  /** Duration of a `brake` begun now, ms. */
  brakeMs(nowMs: number): number {
    return this.head.brakeMs(nowMs);
  }

  /** Turns torque off; no pending call turns it on again. For the end of the process. */
  turnTorqueOff(): void {
    this.servos.turnTorqueOff();
  }

  get motion(): Motion {
    if (!this.servos.present) return 'absent';
    return motionOf(this.machine.state.name, this.head, this.parts.clock.now());
  }

  /** Asleep, or without permission to move: nothing to control. */
  get idle(): boolean {
    const { name } = this.machine.state;
    return name === 'asleep' || (name === 'off' && this.monitor.sensorsGood);
  }

  /** From a look's arrival at the agent to its first servo write. */
  get commandToWrite(): Percentiles & Pick<Durations, 'count'> {
    const { commandToWrite } = this.servos;
    return { count: commandToWrite.count, ...commandToWrite.percentiles() };
  }

  private get head(): HeadMotion {
    return this.planner.head;
  }
}

const REFUSALS: Record<Exclude<HeadStateName, 'off'>, Refusal | undefined> = {
  asleep: 'resting',
  rest: 'resting',
  lowered: 'paused',
  handTurned: 'fault',
  stalled: 'fault',
  awake: undefined,
};

/** Motion as reported to the agent. */
function motionOf(name: HeadStateName, head: HeadMotion, nowMs: number): Motion {
  const moving = head.moving(nowMs);
  if (name === 'off' || name === 'stalled') return 'off';
  if (name === 'handTurned') return name;
  if (name === 'asleep' || (name === 'rest' && !moving)) return 'rest';
  if (head.gesturing) return 'gesture';
  return moving ? 'moving' : 'holding';
}

/** Why a look is refused in that state; undefined: it is carried out. */
function refusalOf(name: HeadStateName, block: Block | undefined): Refusal | undefined {
  return name === 'off' ? (block ?? 'fault') : REFUSALS[name];
}
