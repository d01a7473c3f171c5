import type { Board } from '../../hal/boards/board.ts';
import type { Intent } from '../link/schema.ts';
import type { Posture } from '../safety/posture.ts';
import { HeadMotion, type Pose } from './head-motion.ts';
import type { ServoDrive } from './servo-drive.ts';

/** After a longer gap between ticks the servos have long stood at the last pulse. */
const FROZEN_MS = 100;
/** How far down, from awake to rest, the teacher's pause lowers the head. */
const LOWERED = 0.8;
/** The head was turned by somebody, and not by what the springs of gears and cables give. */
const TURNED_DEG = 6;

export type HeadIntent = Extract<Intent, { kind: 'look' | 'lookRate' | 'gesture' | 'stop' }>;

/** Where the head was going when an axis stalled, and where torque was turned off. */
interface ResumeGoal {
  readonly goal: Pose;
  /** Tilt tells nothing: a head without torque sinks. */
  readonly panDeg: number;
}

/**
 * Plans the commanded motion: what the pupil asks for, postures, and what to do after a pause, a
 * stall, or a time in which nothing moved though it should. It decides nothing about permission.
 */
export class HeadPlanner {
  readonly head: HeadMotion;
  /** Where the pupil was looking when the teacher paused. */
  private lookedAt: Pose | undefined;
  private resumeGoal: ResumeGoal | undefined;
  /** For want of authority: after a standstill it has nowhere to go. */
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
   * To be called each tick, and before a command is taken from where the head is thought to be. When
   * the process did not run for a while, or the servos took nothing, they stood at the last pulse: a
   * trajectory that went on without them would make them jump, so it starts anew there.
   */
  catchUp(nowMs: number): void {
    const last = this.tickedMs;
    this.tickedMs = nowMs;
    const { standing, torqueOff } = this.servos;
    if (torqueOff || !this.head.moving(last)) return;
    if (nowMs - last >= FROZEN_MS) this.startAnew(this.head.at(last), last, nowMs);
    else if (standing) this.startAnew(standing, nowMs, nowMs);
  }

  private startAnew(pose: Pose, lastMs: number, nowMs: number): void {
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

  /** Goes on to where a brake has interrupted it. */
  resumeAfterBrake(nowMs: number): void {
    this.catchUp(nowMs);
    this.braking = false;
    this.head.resume(nowMs);
  }

  /** The posture is about to change; `looking`: the pupil looks around. */
  leave(next: Posture, looking: boolean, nowMs: number): void {
    // What an earlier pause remembered is of no use after a pause that found the head without torque.
    if (next !== 'awake') this.lookedAt = undefined;
    if (next === 'lowered' && looking) this.lookedAt = this.head.home(nowMs);
  }

  goTo(posture: Posture, nowMs: number): void {
    this.braking = false;
    this.head.look(this.poseOf(posture), nowMs);
  }

  /** As the board says, or as it was before a pause. A missing axis stays where it is. */
  private poseOf(posture: Posture): { pan?: number; tilt: number } {
    const { pan, tilt } = this.board;
    if (posture === 'rest') return { pan: pan.restDeg, tilt: tilt.restDeg };
    if (posture === 'awake') return this.lookedAt ?? { pan: pan.awakeDeg, tilt: tilt.awakeDeg };
    return { tilt: tilt.awakeDeg + LOWERED * (tilt.restDeg - tilt.awakeDeg) };
  }

  /** Torque goes off at `measured`: the head stands there, and may go on later to where it was going. */
  interrupt(measured: Pose, nowMs: number): void {
    this.resumeGoal = this.servos.torqueOff
      ? undefined
      : { goal: this.head.home(nowMs), panDeg: measured.pan };
    this.head.adopt(measured, nowMs);
  }

  /** What was interrupted is no longer wanted: the pupil stopped, or the agent fell silent. */
  forgetResumeGoal(): void {
    this.resumeGoal = undefined;
  }

  /** Goes on, once, unless somebody turned the head elsewhere while it had no torque. */
  resumeAfterStall(measured: Pose, nowMs: number): void {
    const { resumeGoal } = this;
    this.resumeGoal = undefined;
    if (resumeGoal && Math.abs(measured.pan - resumeGoal.panDeg) <= TURNED_DEG)
      this.head.look(resumeGoal.goal, nowMs);
  }
}
