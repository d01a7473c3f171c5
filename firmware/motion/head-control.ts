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
  type HeadStateName,
  type Posture,
  stepHead,
} from '../safety/posture.ts';
import { type AxisGuard, openGuard } from './axis-guard.ts';
import type { AxisSensor } from './axis-sensor.ts';
import { Head, type Pose } from './head.ts';
import { RestWatch } from './rest-watch.ts';
import { ServoDrive } from './servo-drive.ts';

/** After a longer gap between ticks the servos have long stood at the last pulse. */
const FROZEN_MS = 100;
/** How often an axis that is limp is measured. */
const LIMP_READ_MS = 100;
/** How far down, from awake to rest, the teacher's pause lowers the head. */
const LOWERED = 0.8;

/** Why motion is not allowed at all. */
export type Block = Extract<Refusal, 'notCalibrated' | 'fault' | 'hot' | 'batteryLow'>;
type HeadIntent = Extract<Intent, { kind: 'look' | 'lookRate' | 'gesture' | 'stop' }>;

const REFUSALS: Record<Exclude<HeadStateName, 'off'>, Refusal | undefined> = {
  limp: 'resting',
  rest: 'resting',
  lowered: 'paused',
  handTurned: 'fault',
  stalled: 'fault',
  awake: undefined,
};

/** The head: command, measurement, servos, and the state machine that decides between them. */
export class HeadControl {
  readonly head: Head;
  readonly pan: AxisGuard;
  readonly tilt: AxisGuard;
  private readonly guards: readonly [AxisGuard, AxisGuard];
  private readonly servos: ServoDrive;
  private readonly machine: Machine<HeadState, HeadEvent, HeadEffect>;
  private readonly limpReads = new Cadence(LIMP_READ_MS);
  private readonly rest = new RestWatch();
  private block: Block | undefined = 'fault';
  private tickedMs: number;
  /** Where the pupil was looking when the teacher paused. */
  private lookedAt: Pose | undefined;
  /** Where the head was going when it was let go, unless it may have been turned since. */
  private goal: Pose | undefined;
  private quietAsked = false;
  private mayStart = true;
  private braked = false;

  constructor(
    hardware: BodyHardware,
    private readonly board: Board,
    private readonly calibration: Calibration | undefined,
    private readonly clock: Clock,
    log: Log,
  ) {
    this.head = new Head(board);
    const parts = { hardware, board, calibration, clock, log };
    this.pan = openGuard('pan', this.head.pan, parts);
    this.tilt = openGuard('tilt', this.head.tilt, parts);
    this.guards = [this.pan, this.tilt];
    this.servos = new ServoDrive(hardware.servos, calibration, clock, log);
    this.machine = new Machine('head', stepHead, HEAD_START, log);
    this.tickedMs = clock.now();
  }

  /**
   * Once each tick. `forbidden`: heat or battery do not allow motion. `mayStart`: a limp head may
   * be given power; not while an agent that has fallen silent might want something else by now.
   */
  tick(nowMs: number, forbidden: Block | undefined, mayStart: boolean): void {
    this.standStillAfterFreeze(nowMs);
    this.servos.watch(nowMs);
    const amiss = this.findBlock(forbidden);
    this.block = amiss ?? (this.servos.lost ? 'fault' : undefined);
    this.mayStart = mayStart || this.machine.state.posture === undefined;
    if (this.block) this.send({ type: 'block' }, nowMs);
    else if (this.mayStart) this.send({ type: 'unblock' }, nowMs);
    // Servos that took nothing for a moment go on; after all else the head stays where it is found.
    if (amiss) this.goal = undefined;
    this.head.tick(nowMs);
    this.watch(nowMs);
    this.write(nowMs);
    if (!this.servos.limp || this.limpReads.due(nowMs) || !this.sensorsGood)
      for (const guard of this.guards) guard.sensor.tick();
  }

  /** Where the head belongs; the same again changes nothing. */
  setPosture(posture: Posture, nowMs: number): void {
    this.standStillAfterFreeze(nowMs);
    if (posture === 'lowered' && this.machine.state.name === 'awake')
      this.lookedAt = this.head.home(nowMs);
    if (posture === 'rest') this.lookedAt = undefined;
    this.send({ type: 'posture', posture }, nowMs);
  }

  /** The quiet profile also when the head is put away: gently; and until both axes have followed. */
  setQuiet(quiet: boolean, nowMs: number): void {
    this.quietAsked = quiet;
    const proven = this.guards.every((guard) => guard.proven);
    const gentle = quiet || this.machine.state.posture !== 'awake' || !proven;
    this.head.use(gentle ? 'quiet' : 'normal', nowMs);
  }

  /** Carries a pupil's command out and writes its beginning at once, or says why not. */
  take(intent: HeadIntent, nowMs: number): Refusal | undefined {
    const refusal = this.refusal;
    // Nothing that the pupil started moves then: there is nothing to stop.
    if (refusal) return intent.kind === 'stop' ? undefined : refusal;
    this.standStillAfterFreeze(nowMs);
    this.braked = false;
    this.head.tick(nowMs);
    if (intent.kind === 'look') this.head.look(intent, nowMs);
    else if (intent.kind === 'lookRate') this.head.lookAtRate(intent.pan, intent.tilt, nowMs);
    else if (intent.kind === 'gesture') this.head.perform(intent.gesture, nowMs);
    else this.head.stop(nowMs);
    this.servos.begin(
      this.commanded(nowMs),
      'receivedAtMs' in intent ? intent.receivedAtMs : undefined,
    );
    return undefined;
  }

  brake(nowMs: number): void {
    this.braked = true;
    this.head.brake(nowMs);
  }

  /** The servos go limp, and nothing that was begun powers them again. For the end of the process. */
  letGo(): void {
    this.servos.release();
  }

  /** The agent speaks again, in time. */
  resume(nowMs: number): void {
    this.standStillAfterFreeze(nowMs);
    this.braked = false;
    this.head.resume(nowMs);
  }

  get motion(): Motion {
    const { name } = this.machine.state;
    const moving = this.head.moving(this.clock.now());
    if (name === 'off' || name === 'stalled') return 'off';
    if (name === 'handTurned') return name;
    if (name === 'limp' || (name === 'rest' && !moving)) return 'rest';
    if (this.head.gesturing) return 'gesture';
    return moving ? 'moving' : 'holding';
  }

  /** At rest and limp, or without permission to move: nothing to control. */
  get asleep(): boolean {
    const { name } = this.machine.state;
    return name === 'limp' || (name === 'off' && this.sensorsGood);
  }

  /** Why a look would not be carried out now. */
  get refusal(): Refusal | undefined {
    const { name } = this.machine.state;
    return name === 'off' ? (this.block ?? 'fault') : REFUSALS[name];
  }

  faults(add: (code: FaultCode) => void): void {
    if (!this.calibration && this.servos.present) add('notCalibrated');
    if (this.servos.present) for (const sensor of this.missing) add(sensor.code);
    for (const guard of this.guards) guard.faults(add);
    if (this.servos.faulty) add(this.servos.code);
  }

  /** From a look's arrival at the agent to the servo write that begins it. */
  get commandToWrite(): Spread & { count: number } {
    const { commandToWrite } = this.servos;
    return { count: commandToWrite.count, ...commandToWrite.spread() };
  }

  get hottestC(): number {
    return Math.max(this.pan.heat.celsius, this.tilt.heat.celsius);
  }

  /**
   * Encoders that the board does not have. Without one nobody knows where the head is: the first
   * pulse would throw it from there to anywhere, so it gets none.
   */
  get missing(): readonly AxisSensor[] {
    return this.guards.map((guard) => guard.sensor).filter((sensor) => !sensor.present);
  }

  private get sensorsGood(): boolean {
    return this.pan.sensor.good && this.tilt.sensor.good;
  }

  private findBlock(forbidden: Block | undefined): Block | undefined {
    if (!this.servos.present) return 'fault';
    if (this.missing.length > 0) return 'fault';
    if (!this.calibration || this.guards.some((guard) => guard.broken)) return 'notCalibrated';
    if (!this.sensorsGood) return 'fault';
    return forbidden;
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
    const letGo = name === 'handTurned' && this.rest.letGo(this.measured(nowMs), nowMs);
    if (letGo && this.mayStart) this.send({ type: 'letGo' }, nowMs);
    if (this.rest.mayGoLimp(name === 'rest' && !this.head.moving(nowMs), nowMs))
      this.send({ type: 'atRest' }, nowMs);
  }

  private write(nowMs: number): void {
    if (this.servos.limp) this.servos.push();
    else this.servos.hold(this.commanded(nowMs));
  }

  private commanded(atMs: number): Pose {
    return { pan: this.head.pan.at(atMs).p, tilt: this.head.tilt.at(atMs).p };
  }

  /**
   * The process did not run for a while, or the servos took nothing. They stood at the last pulse
   * meanwhile; a trajectory that went on without them would make them jump, so it starts anew there.
   */
  private standStillAfterFreeze(nowMs: number): void {
    const last = this.tickedMs;
    this.tickedMs = nowMs;
    const { standing } = this.servos;
    if (this.servos.limp || !this.head.moving(last)) return;
    if (nowMs - last >= FROZEN_MS) this.goOnFrom(this.commanded(last), last, nowMs);
    else if (standing) this.goOnFrom(standing, nowMs, nowMs);
  }

  private goOnFrom(pose: Pose, lastMs: number, nowMs: number): void {
    const home = this.head.home(lastMs);
    this.head.adopt(pose, nowMs);
    // Who brakes for want of authority has nowhere to go.
    if (!this.braked) this.head.look(home, nowMs);
  }

  private send(event: HeadEvent, nowMs: number): void {
    for (const effect of this.machine.send(event)) this.perform[effect](nowMs);
  }

  /** One executor for each effect. */
  private readonly perform: Record<HeadEffect, (nowMs: number) => void> = {
    release: (nowMs) => {
      this.goal = this.head.home(nowMs);
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
      this.braked = false;
      this.setQuiet(this.quietAsked, nowMs);
      this.head.look(this.poseOf(this.machine.state.posture ?? 'rest'), nowMs);
    },
    goOn: (nowMs) => {
      if (this.goal) this.head.look(this.goal, nowMs);
    },
  };

  private measured(nowMs: number): Pose {
    return { pan: this.pan.deg(nowMs), tilt: this.tilt.deg(nowMs) };
  }

  private poseOf(posture: Posture): { pan?: number; tilt: number } {
    const { pan, tilt } = this.board;
    if (posture === 'rest') return { pan: pan.restDeg, tilt: tilt.restDeg };
    if (posture === 'awake') return this.lookedAt ?? { pan: pan.awakeDeg, tilt: tilt.awakeDeg };
    return { tilt: tilt.awakeDeg + LOWERED * (tilt.restDeg - tilt.awakeDeg) };
  }
}
