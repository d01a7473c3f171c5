import type { Board } from '../../hal/boards/board.ts';
import type { Intent } from '../link/schema.ts';
import type { Posture } from '../safety/posture.ts';
import { HeadMotion, type Pose } from './head-motion.ts';
import type { ServoDrive } from './servo-drive.ts';

/** After a longer gap between ticks the servos have stopped at the last pulse. */
const FROZEN_MS = 100;
/** Fraction of the way from awake to rest by which the teacher's pause lowers the head. */
const LOWERED = 0.8;
/** A larger change than gears and cables spring back: somebody turned the head. */
const TURNED_DEG = 6;

export type HeadIntent = Extract<Intent, { kind: 'look' | 'lookRate' | 'gesture' | 'stop' }>;

/** Where the head was going when an axis stalled, and where torque was turned off. */
interface ResumeGoal {
  readonly goal: Pose;
  /** Tilt is no evidence: with torque off the head sinks. */
  readonly panDeg: number;
}

/**
 * Plans the commanded motion: the pupil's commands, postures, and how to continue after a pause, a
 * stall, or a standstill of process or servos. Permission is checked elsewhere.
 */
export class HeadPlanner {
  readonly head: HeadMotion;
  /** Where the pupil was looking when the teacher paused. */
  private lookedAt: Pose | undefined;
  private resumeGoal: ResumeGoal | undefined;
  /** Braking after loss of authority: after a standstill there is no goal to continue to. */
  private braking = false;
  private tickedMs: number;

  constructor(
    private readonly board: Board,
    private readonly servos: Pick<ServoDrive, 'torqueOff' | 'standing'>,
    nowMs: number,
  ) {
    this.head = new HeadMotion(board);
    this.tickedMs = nowMs;
  }

  /**
   * To be called each tick, and before a command is planned from the current setpoint. When the
   * process did not run for a while, or servo writes failed, the servos stood at the last pulse: a
   * trajectory that continued meanwhile would make them jump, so it restarts there.
   */
  catchUp(nowMs: number): void {
    const last = this.tickedMs;
    this.tickedMs = nowMs;
    const { standing, torqueOff } = this.servos;
    if (torqueOff || !this.head.moving(last)) return;
    if (nowMs - last >= FROZEN_MS) this.restart(this.head.at(last), last, nowMs);
    else if (standing) this.restart(standing, nowMs, nowMs);
  }

  private restart(pose: Pose, lastMs: number, nowMs: number): void {
    const home = this.head.home(lastMs);
    this.head.adopt(pose, nowMs);
    if (!this.braking) this.head.look(home, nowMs);
  }

  take(intent: HeadIntent, nowMs: number): void {
    this.catchUp(nowMs);
    this.braking = false;
    this.head.tick(nowMs);
    if (intent.kind === 'look') this.head.look(intent, nowMs);
    else if (intent.kind === 'lookRate') this.head.lookAtRate(intent.pan, intent.tilt, nowMs);
    else if (intent.kind === 'gesture') this.head.perform(intent.gesture, nowMs);
    else this.head.stop(nowMs);
  }

  brake(nowMs: number): void {
    this.braking = true;
    this.head.brake(nowMs);
  }

  /** Continues the motion that a brake interrupted. */
  resumeAfterBrake(nowMs: number): void {
    this.catchUp(nowMs);
    this.braking = false;
    this.head.resume(nowMs);
  }

  /** The posture is about to change; `looking`: the pupil looks around. */
  leave(next: Posture, looking: boolean, nowMs: number): void {
    // A pose saved by an earlier pause is stale after a pause that began with torque off.
    if (next !== 'awake') this.lookedAt = undefined;
    if (next === 'lowered' && looking) this.lookedAt = this.head.home(nowMs);
  }

  goTo(posture: Posture, nowMs: number): void {
    this.braking = false;
    this.head.look(this.poseOf(posture), nowMs);
  }

  /** From the board, or as it was before a pause. A missing axis stays where it is. */
  private poseOf(posture: Posture): { pan?: number; tilt: number } {
    const { pan, tilt } = this.board;
    if (posture === 'rest') return { pan: pan.restDeg, tilt: tilt.restDeg };
    if (posture === 'awake') return this.lookedAt ?? { pan: pan.awakeDeg, tilt: tilt.awakeDeg };
    return { tilt: tilt.awakeDeg + LOWERED * (tilt.restDeg - tilt.awakeDeg) };
  }

  /** Torque is turned off at `measured`; remembers the resume goal. */
  interrupt(measured: Pose, nowMs: number): void {
    this.resumeGoal = this.servos.torqueOff
      ? undefined
      : { goal: this.head.home(nowMs), panDeg: measured.pan };
    this.head.adopt(measured, nowMs);
  }

  /** Cancels the resume goal: the pupil stopped, or the agent is silent. */
  forgetResumeGoal(): void {
    this.resumeGoal = undefined;
  }

  /** Continues to the resume goal, once, unless somebody turned the head while torque was off. */
  resumeAfterStall(measured: Pose, nowMs: number): void {
    const { resumeGoal } = this;
    this.resumeGoal = undefined;
    if (resumeGoal && Math.abs(measured.pan - resumeGoal.panDeg) <= TURNED_DEG)
      this.head.look(resumeGoal.goal, nowMs);
  }
}
