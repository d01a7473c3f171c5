import type { AxisBoard, MotionLimits } from '../../hal/boards/board.ts';
import { type Kinematics, type RampLimits, reach, stopRamp } from './ramp.ts';
import { planMove, planStop, standing, type Trajectory } from './trajectory.ts';

/** Slower than this is a stop, deg/s: the encoder could not tell it from noise. */
const SLOWEST_DEG_PER_S = 0.05;
/**
 * Jerk limit of an emergency stop, as a multiple of the normal one. With the normal jerk a stop
 * from full acceleration takes 450 ms, and each slightly late `desired` would interrupt a turn;
 * with this one it takes 270 ms at most. Velocity and acceleration keep their limits.
 */
const EMERGENCY_JERK = 4;
/** Tolerance for rounding in checks against a soft limit, degrees. */
const ROUNDING_DEG = 1e-9;

type Goal =
  | { readonly kind: 'angle'; readonly deg: number }
  | { readonly kind: 'rate'; readonly degPerS: number }
  | { readonly kind: 'stop' };

export type Profile = 'normal' | 'quiet';

/**
 * The commanded motion of one axis: position, velocity and acceleration are continuous for any
 * sequence of commands. Times are monotonic milliseconds and must not decrease.
 *
 * Invariant: the fastest stop under the limits in use stays within the soft limits (from a start
 * beyond them: goes no further out). Plans keep it, because they brake earlier than that stop or
 * end within the limits. A change of limits could break it, so it is deferred until it cannot.
 */
export class Axis {
  private plan: Trajectory;
  private startedMs = 0;
  private goal: Goal = { kind: 'stop' };
  private profile: Profile = 'normal';
  /** Acceleration and jerk limits of the current plan. */
  private inUse: RampLimits;
  /** `brake` has suspended the goal. */
  private braked = false;
  private readonly emergency: RampLimits;

  constructor(
    private readonly board: AxisBoard,
    deg: number,
  ) {
    this.plan = standing(deg);
    this.inUse = board.normal;
    const { accelerationDegPerS2, jerkDegPerS3 } = board.normal;
    this.emergency = { accelerationDegPerS2, jerkDegPerS3: EMERGENCY_JERK * jerkDegPerS3 };
  }

  at(nowMs: number): Kinematics {
    return this.plan.at((nowMs - this.startedMs) / 1000);
  }

  /** Where the current motion ends. */
  get targetDeg(): number {
    return this.plan.endDeg;
  }

  moving(nowMs: number): boolean {
    return nowMs - this.startedMs < this.plan.seconds * 1000;
  }

  lookTo(deg: number, nowMs: number): void {
    this.goal = { kind: 'angle', deg: this.clamp(deg) };
    this.replan(nowMs);
  }

  lookAtRate(degPerS: number, nowMs: number): void {
    const still = Math.abs(degPerS) < SLOWEST_DEG_PER_S;
    this.goal = still ? { kind: 'stop' } : { kind: 'rate', degPerS };
    this.replan(nowMs);
  }

  /** Stops as fast as the profile allows, and clears the goal. */
  stop(nowMs: number): void {
    this.goal = { kind: 'stop' };
    this.replan(nowMs);
  }

  /**
   * Emergency stop at the emergency limits, whatever the profile; `resume` continues to the goal.
   */
  brake(nowMs: number): void {
    const from = this.at(nowMs);
    this.inUse = this.brakeLimits(from);
    this.begin(planStop(from, this.inUse), nowMs);
    this.braked = true;
  }

  resume(nowMs: number): void {
    this.replan(nowMs);
  }

  /** Duration of a `brake` begun now, ms. */
  brakeMs(nowMs: number): number {
    const from = this.at(nowMs);
    if (from.v === 0 && from.a === 0) return 0;
    let seconds = 0;
    for (const phase of stopRamp(from, this.brakeLimits(from))) seconds += phase.seconds;
    return seconds * 1000;
  }

  use(profile: Profile, nowMs: number): void {
    if (profile === this.profile) return;
    this.profile = profile;
    // A stopped axis stays stopped: only `resume` or a new goal may move it again.
    if (!this.braked) this.replan(nowMs);
  }

  /** Sets the command to an angle measured while torque was off, at standstill. */
  adopt(deg: number, nowMs: number): void {
    this.goal = { kind: 'stop' };
    this.inUse = this.board[this.profile];
    this.begin(standing(deg), nowMs);
  }

  /** To be called each tick: applies a deferred change of profile as soon as possible. */
  tick(nowMs: number): void {
    if (this.inUse === this.board[this.profile] || this.braked) return;
    if (this.mayUse(this.board[this.profile], this.at(nowMs))) this.replan(nowMs);
  }

  private replan(nowMs: number): void {
    const from = this.at(nowMs);
    const desired = this.board[this.profile];
    if (this.mayUse(desired, from)) this.inUse = desired;
    const { accelerationDegPerS2, jerkDegPerS3 } = this.inUse;
    const limits = { ...desired, accelerationDegPerS2, jerkDegPerS3 };
    this.begin(this.planFor(this.goal, from, limits), nowMs);
  }

  private planFor(goal: Goal, from: Kinematics, limits: MotionLimits): Trajectory {
    if (goal.kind === 'stop') return planStop(from, limits);
    if (goal.kind === 'angle') return planMove(from, goal.deg, limits);
    const velocityDegPerS = Math.min(Math.abs(goal.degPerS), limits.velocityDegPerS);
    const end = goal.degPerS > 0 ? this.board.maxDeg : this.board.minDeg;
    return planMove(from, end, { ...limits, velocityDegPerS });
  }

  private begin(plan: Trajectory, nowMs: number): void {
    this.plan = plan;
    this.startedMs = nowMs;
    this.braked = false;
  }

  private brakeLimits(from: Kinematics): RampLimits {
    return this.mayUse(this.emergency, from) ? this.emergency : this.inUse;
  }

  /**
   * Whether changing to `limits` now keeps the invariant and is safe: with a lower jerk limit a
   * large acceleration could exceed the maximum velocity, or reverse the motion.
   */
  private mayUse(limits: RampLimits, from: Kinematics): boolean {
    if (limits === this.inUse) return true;
    if (Math.abs(from.a) > limits.accelerationDegPerS2) return false;
    const coasting = from.v + (from.a * Math.abs(from.a)) / (2 * limits.jerkDegPerS3);
    if (Math.abs(coasting) > this.board.normal.velocityDegPerS) return false;
    if (coasting * from.v < 0) return false;
    const { min, max } = reach(from, stopRamp(from, limits));
    const low = Math.min(this.board.minDeg, from.p) - ROUNDING_DEG;
    const high = Math.max(this.board.maxDeg, from.p) + ROUNDING_DEG;
    return min >= low && max <= high;
  }

  private clamp(deg: number): number {
    return Math.min(this.board.maxDeg, Math.max(this.board.minDeg, deg));
  }
}
