import type { AxisBoard, Board } from '../../hal/boards/board.ts';
import { LOOK_RATE_MS } from '../link/schema.ts';
import { Axis, type Profile } from './axis.ts';

/** Angles of both axes, degrees. */
export interface Pose {
  readonly pan: number;
  readonly tilt: number;
}

/**
 * The commanded motion of the head: two axes, gestures, and velocity looks that expire. It does not
 * deal with servos or permission; the caller checks those.
 */
export class HeadMotion {
  readonly pan: Axis;
  readonly tilt: Axis;
  private rateUntilMs: number | undefined;
  private gesture: { plan: GesturePlan; next: number } | undefined;

  constructor(private readonly board: Board) {
    this.pan = new Axis(board.pan, board.pan.restDeg);
    this.tilt = new Axis(board.tilt, board.tilt.restDeg);
  }

  /** A missing axis keeps its target; a look ends a gesture. */
  look(to: { pan?: number | undefined; tilt?: number | undefined }, nowMs: number): void {
    const home = this.home(nowMs);
    const pan = to.pan ?? (this.gesture?.plan.axis === 'pan' ? home.pan : undefined);
    const tilt = to.tilt ?? (this.gesture?.plan.axis === 'tilt' ? home.tilt : undefined);
    this.settleRate(nowMs, to);
    this.gesture = undefined;
    if (pan !== undefined) this.pan.lookTo(pan, nowMs);
    if (tilt !== undefined) this.tilt.lookTo(tilt, nowMs);
  }

  /** Turns at rates in deg/s until LOOK_RATE_MS have passed without another. */
  lookAtRate(pan: number, tilt: number, nowMs: number): void {
    this.gesture = undefined;
    this.rateUntilMs = nowMs + LOOK_RATE_MS;
    this.pan.lookAtRate(pan, nowMs);
    this.tilt.lookAtRate(tilt, nowMs);
  }

  /** Performs a gesture around the head's target; a second one starts over. */
  perform(gesture: Gesture, nowMs: number): void {
    this.settleRate(nowMs, {});
    const home = this.home(nowMs);
    const plan = planGesture(gesture, this.board, home.pan, home.tilt);
    const other = this.gesture?.plan;
    if (other && other.axis !== plan.axis) this[other.axis].lookTo(home[other.axis], nowMs);
    this.gesture = { plan, next: 0 };
    this.goToNextStop(nowMs);
  }

  stop(nowMs: number): void {
    this.forget();
    this.pan.stop(nowMs);
    this.tilt.stop(nowMs);
  }

  /** Emergency stop; `resume` continues a look, but not a gesture. */
  brake(nowMs: number): void {
    this.gesture = undefined;
    this.pan.brake(nowMs);
    this.tilt.brake(nowMs);
  }

  resume(nowMs: number): void {
    this.pan.resume(nowMs);
    this.tilt.resume(nowMs);
  }

  /** Sets the command to measured angles, at standstill, after torque was off. */
  adopt(pose: Pose, nowMs: number): void {
    this.forget();
    this.pan.adopt(pose.pan, nowMs);
    this.tilt.adopt(pose.tilt, nowMs);
  }

  use(profile: Profile, nowMs: number): void {
    this.pan.use(profile, nowMs);
    this.tilt.use(profile, nowMs);
  }

  tick(nowMs: number): void {
    this.pan.tick(nowMs);
    this.tilt.tick(nowMs);
    if (this.rateUntilMs !== undefined && nowMs >= this.rateUntilMs) this.stop(nowMs);
    const gesture = this.gesture;
    if (gesture && !this[gesture.plan.axis].moving(nowMs)) this.goToNextStop(nowMs);
  }

  /** Duration of a `brake` begun now, ms. */
  brakeMs(nowMs: number): number {
    return Math.max(this.pan.brakeMs(nowMs), this.tilt.brakeMs(nowMs));
  }

  moving(nowMs: number): boolean {
    return this.pan.moving(nowMs) || this.tilt.moving(nowMs);
  }

  /** The setpoint at that time. */
  at(atMs: number): Pose {
    return { pan: this.pan.at(atMs).p, tilt: this.tilt.at(atMs).p };
  }

  get gesturing(): boolean {
    return this.gesture !== undefined;
  }

  /** Where the head ends without a further command; for a velocity look, the current setpoint. */
  home(nowMs: number): Pose {
    if (this.rateUntilMs !== undefined) return this.at(nowMs);
    const stop = this.gesture?.plan.stops.at(-1);
    const axis = this.gesture?.plan.axis;
    return {
      pan: axis === 'pan' && stop !== undefined ? stop : this.pan.targetDeg,
      tilt: axis === 'tilt' && stop !== undefined ? stop : this.tilt.targetDeg,
    };
  }

  private goToNextStop(nowMs: number): void {
    const gesture = this.gesture;
    const stop = gesture?.plan.stops[gesture.next];
    if (!gesture || stop === undefined) {
      this.gesture = undefined;
      return;
    }
    gesture.next += 1;
    this[gesture.plan.axis].lookTo(stop, nowMs);
  }

  /** Ends a velocity look on the axes without a new target. */
  private settleRate(nowMs: number, to: { pan?: number | undefined; tilt?: number | undefined }) {
    if (this.rateUntilMs === undefined) return;
    this.rateUntilMs = undefined;
    if (to.pan === undefined) this.pan.stop(nowMs);
    if (to.tilt === undefined) this.tilt.stop(nowMs);
  }

  private forget(): void {
    this.gesture = undefined;
    this.rateUntilMs = undefined;
  }
}

type Gesture = 'nod' | 'shake';

/** Angles to go through on one axis, stopping at each, ending where the head was. */
interface GesturePlan {
  readonly axis: 'pan' | 'tilt';
  readonly stops: readonly number[];
}

/** A nod goes down first, and twice; degrees relative to the head's target. */
const NOD_DEG = [-9, 4, -9];
/** A shake is symmetric. */
const SHAKE_DEG = [14, -14, 14, -14];

/** The gesture around `pan` and `tilt`; near a limit the pattern is shifted, not squeezed. */
function planGesture(gesture: Gesture, board: Board, pan: number, tilt: number) {
  return gesture === 'nod'
    ? around(board.tilt, 'tilt', tilt, NOD_DEG)
    : around(board.pan, 'pan', pan, SHAKE_DEG);
}

function around(
  board: AxisBoard,
  axis: 'pan' | 'tilt',
  home: number,
  pattern: readonly number[],
): GesturePlan {
  const lowest = board.minDeg - Math.min(...pattern);
  const highest = board.maxDeg - Math.max(...pattern);
  const middle = Math.min(highest, Math.max(lowest, home));
  return { axis, stops: [...pattern.map((deg) => middle + deg), home] };
}
