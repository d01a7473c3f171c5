import type { Board } from '../../hal/boards/board.ts';
import type { Calibration } from '../../hal/boards/calibration.ts';
import type { BodyHardware } from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { Cadence } from '../cadence.ts';
import type { FaultCode, Intent, Motion, Refusal } from '../link/schema.ts';
import type { Spread } from '../safety/histogram.ts';
import { Machine } from '../safety/machine.ts';
import {
  HEAD_START,
  type HeadEffect,
  type HeadEvent,
  type HeadState,
  type Posture,
  stepHead,
} from '../safety/posture.ts';
import { type AxisGuard, openGuard } from './axis-guard.ts';
import type { AxisSensor } from './axis-sensor.ts';
import { Head, type Pose } from './head.ts';
import { type Block, HeadCondition } from './head-condition.ts';
import { motionOf, refusalOf } from './head-words.ts';
import { PosturePoses } from './posture-poses.ts';
import { RestWatch } from './rest-watch.ts';
import { ServoDrive } from './servo-drive.ts';
import { Standstill } from './standstill.ts';
import { Unfinished } from './unfinished.ts';

export type { Block } from './head-condition.ts';

/** How often an axis that is limp is measured. */
const LIMP_READ_MS = 100;

type HeadIntent = Extract<Intent, { kind: 'look' | 'lookRate' | 'gesture' | 'stop' }>;

/** The head: command, measurement, servos, and the state machine that decides between them. */
export class HeadControl {
  readonly head: Head;
  readonly pan: AxisGuard;
  readonly tilt: AxisGuard;
  private readonly guards: readonly [AxisGuard, AxisGuard];
  private readonly servos: ServoDrive;
  private readonly condition: HeadCondition;
  private readonly standstill: Standstill;
  private readonly poses: PosturePoses;
  private readonly machine: Machine<HeadState, HeadEvent, HeadEffect>;
  private readonly limpReads = new Cadence(LIMP_READ_MS);
  private readonly rest = new RestWatch();
  private block: Block | undefined = 'fault';
  private readonly unfinished = new Unfinished();
  private quietAsked = false;
  private mayStart = true;

  constructor(
    hardware: BodyHardware,
    board: Board,
    calibration: Calibration | undefined,
    private readonly clock: Clock,
    log: Log,
  ) {
    this.head = new Head(board);
    const parts = { hardware, board, calibration, clock, log };
    this.pan = openGuard('pan', this.head.pan, parts);
    this.tilt = openGuard('tilt', this.head.tilt, parts);
    this.guards = [this.pan, this.tilt];
    this.servos = new ServoDrive(hardware.servos, calibration, clock, log);
    this.condition = new HeadCondition(this.guards, this.servos, calibration);
    this.standstill = new Standstill(this.head, this.servos, clock.now());
    this.poses = new PosturePoses(board);
    this.machine = new Machine('head', stepHead, HEAD_START, log);
  }

  /**
   * Once each tick. `forbidden`: heat or battery do not allow motion. `mayStart`: a limp head may
   * be given power; not while an agent that has fallen silent might want something else by now.
   */
  tick(nowMs: number, forbidden: Block | undefined, mayStart: boolean): void {
    this.standstill.watch(nowMs);
    this.servos.watch(nowMs);
    this.block = this.condition.block(forbidden);
    if (!mayStart) this.unfinished.forget();
    const wanted = mayStart || this.machine.state.posture === undefined;
    this.mayStart = wanted && this.condition.fresh(nowMs);
    if (this.block) this.send({ type: 'block' }, nowMs);
    else if (this.mayStart) this.send({ type: 'unblock' }, nowMs);
    this.head.tick(nowMs);
    this.watch(nowMs);
    this.write(nowMs);
    const asleep = this.machine.state.name === 'limp' && this.condition.sensorsGood;
    if (!asleep || this.limpReads.due(nowMs)) for (const guard of this.guards) guard.sensor.tick();
  }

  /** Where the head belongs; the same again changes nothing. */
  setPosture(posture: Posture, nowMs: number): void {
    this.standstill.watch(nowMs);
    const { state } = this.machine;
    if (posture === state.posture) return;
    // What an earlier pause remembered is of no use after a pause that found the head limp.
    if (posture !== 'awake') this.poses.forget();
    if (posture === 'lowered' && state.name === 'awake') this.poses.remember(this.head.home(nowMs));
    this.send({ type: 'posture', posture }, nowMs);
  }

  /** The quiet profile also when the head is put away: gently; and until both axes have followed. */
  setQuiet(quiet: boolean, nowMs: number): void {
    this.quietAsked = quiet;
    const awake = this.machine.state.posture === 'awake';
    const gentle = quiet || !awake || !this.condition.proven;
    this.head.use(gentle ? 'quiet' : 'normal', nowMs);
  }

  /** Carries a pupil's command out and writes its beginning at once, or says why not. */
  take(intent: HeadIntent, nowMs: number): Refusal | undefined {
    const refusal = this.refusal;
    // Nothing that the pupil started moves then: there is nothing to stop but what would go on.
    if (refusal && intent.kind === 'stop') this.unfinished.forget();
    if (refusal) return intent.kind === 'stop' ? undefined : refusal;
    this.standstill.watch(nowMs);
    this.standstill.brakes(false);
    this.head.tick(nowMs);
    if (intent.kind === 'look') this.head.look(intent, nowMs);
    else if (intent.kind === 'lookRate') this.head.lookAtRate(intent.pan, intent.tilt, nowMs);
    else if (intent.kind === 'gesture') this.head.perform(intent.gesture, nowMs);
    else this.head.stop(nowMs);
    this.servos.begin(
      this.head.at(nowMs),
      'receivedAtMs' in intent ? intent.receivedAtMs : undefined,
    );
    return undefined;
  }

  brake(nowMs: number): void {
    this.standstill.brakes(true);
    this.head.brake(nowMs);
  }

  /** The servos go limp, and nothing that was begun powers them again. For the end of the process. */
  letGo(): void {
    this.servos.release();
  }

  /** The agent speaks again, in time. */
  resume(nowMs: number): void {
    this.standstill.watch(nowMs);
    this.standstill.brakes(false);
    this.head.resume(nowMs);
  }

  get motion(): Motion {
    if (!this.servos.present) return 'absent';
    return motionOf(this.machine.state.name, this.head, this.clock.now());
  }

  /** At rest and limp, or without permission to move: nothing to control. */
  get asleep(): boolean {
    const { name } = this.machine.state;
    return name === 'limp' || (name === 'off' && this.condition.sensorsGood);
  }

  /** Why a look would not be carried out now. */
  get refusal(): Refusal | undefined {
    return refusalOf(this.machine.state.name, this.block);
  }

  faults(add: (code: FaultCode) => void): void {
    this.condition.faults(add);
  }

  /** From a look's arrival at the agent to the servo write that begins it. */
  get commandToWrite(): Spread & { count: number } {
    const { commandToWrite } = this.servos;
    return { count: commandToWrite.count, ...commandToWrite.spread() };
  }

  get hottestC(): number {
    return this.condition.hottestC;
  }

  /** Encoders that the board does not have. */
  get missing(): readonly AxisSensor[] {
    return this.condition.missing;
  }

  private watch(nowMs: number): void {
    const powered = !this.servos.limp;
    for (const guard of this.guards) {
      const found = guard.watch(nowMs, powered);
      // Astray or stalled: limp, and one more try after a pause.
      if (found) this.send({ type: found === 'turned' ? 'turned' : 'stall' }, nowMs);
    }
    const { name } = this.machine.state;
    if (name === 'stalled' && this.mayStart && !this.guards.some((guard) => guard.waiting))
      this.send({ type: 'retry' }, nowMs);
    const letGo = this.servos.limp && this.rest.letGo(this.measured(nowMs), nowMs);
    if (name === 'handTurned' && letGo && this.mayStart) this.send({ type: 'letGo' }, nowMs);
    if (this.rest.mayGoLimp(name === 'rest' && !this.head.moving(nowMs), nowMs))
      this.send({ type: 'atRest' }, nowMs);
  }

  private write(nowMs: number): void {
    if (this.servos.limp) this.servos.push();
    else this.servos.hold(this.head.at(nowMs));
  }

  private send(event: HeadEvent, nowMs: number): void {
    for (const effect of this.machine.send(event)) this.perform[effect](nowMs);
  }

  /** One executor for each effect. */
  private readonly perform: Record<HeadEffect, (nowMs: number) => void> = {
    release: (nowMs) => {
      if (this.servos.limp) this.unfinished.forget();
      else this.unfinished.begin(this.head.home(nowMs), this.measured(nowMs));
      this.head.adopt(this.measured(nowMs), nowMs);
      this.servos.release();
      this.rest.restart(nowMs);
    },
    adopt: (nowMs) => {
      const pose = this.measured(nowMs);
      this.head.adopt(pose, nowMs);
      for (const guard of this.guards) guard.adopted(nowMs);
      this.servos.hold(pose);
    },
    pose: (nowMs) => {
      this.standstill.brakes(false);
      this.setQuiet(this.quietAsked, nowMs);
      this.head.look(this.poses.of(this.machine.state.posture ?? 'rest'), nowMs);
    },
    goOn: (nowMs) => {
      const goal = this.unfinished.take(this.measured(nowMs));
      if (goal) this.head.look(goal, nowMs);
    },
  };

  private measured(nowMs: number): Pose {
    return { pan: this.pan.deg(nowMs), tilt: this.tilt.deg(nowMs) };
  }
}
