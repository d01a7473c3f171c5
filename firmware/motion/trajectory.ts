import type { MotionLimits } from '../../hal/boards/board.ts';
import {
  advance,
  cut,
  follow,
  type Kinematics,
  type Phase,
  type RampLimits,
  ramp,
  stopRamp,
  totalSeconds,
} from './ramp.ts';

/** A target this near to the end of an immediate stop is reached by that stop, degrees. */
const SAME_DEG = 1e-9;
/** Bisection steps of the switching time: from seconds to below the resolution of a double. */
const HALVINGS = 64;

/** A motion that ends at rest. Can be sampled at any time; before its start it gives the start. */
export class Trajectory {
  readonly seconds: number;
  private readonly starts: { readonly atS: number; readonly state: Kinematics; jerk: number }[] =
    [];

  /** `endDeg` is where the phases end, without their rounding. */
  constructor(
    from: Kinematics,
    phases: readonly Phase[],
    readonly endDeg: number,
  ) {
    let atS = 0;
    let state = from;
    for (const phase of phases) {
      if (phase.seconds <= 0) continue;
      this.starts.push({ atS, state, jerk: phase.jerk });
      state = advance(state, phase.seconds, phase.jerk);
      atS += phase.seconds;
    }
    this.seconds = atS;
  }

  at(seconds: number): Kinematics {
    if (seconds >= this.seconds) return { p: this.endDeg, v: 0, a: 0 };
    let start = this.starts[0];
    for (const next of this.starts) {
      if (next.atS > seconds) break;
      start = next;
    }
    if (!start) return { p: this.endDeg, v: 0, a: 0 };
    return advance(start.state, Math.max(0, seconds - start.atS), start.jerk);
  }
}

/** Standstill at `deg`. */
export function standing(deg: number): Trajectory {
  return new Trajectory({ p: deg, v: 0, a: 0 }, [], deg);
}

/** The fastest stop from any state. */
export function planStop(from: Kinematics, limits: RampLimits): Trajectory {
  const phases = stopRamp(from, limits);
  return new Trajectory(from, phases, follow(from, phases).p);
}

/**
 * The fastest motion from any state to rest at `target`, within velocity, acceleration and jerk.
 *
 * Let R be the fastest ramp to full speed in the direction of the target, then cruise. The end
 * position of "follow R for t, then stop" is monotonic in t (towards the target), because R's jerk
 * in that direction is never less than the stop's. So only t has to be found, and the direction
 * follows from where an immediate stop would end.
 */
export function planMove(from: Kinematics, target: number, limits: MotionLimits): Trajectory {
  const stopEnd = stopEndDeg(from, limits);
  if (Math.abs(stopEnd - target) < SAME_DEG) return planStop(from, limits);
  const direction = target > stopEnd ? 1 : -1;
  const cruise = direction * limits.velocityDegPerS;
  const rise = ramp(from.v, from.a, cruise, limits);
  const left = direction * (target - stopEndDeg(follow(from, rise), limits));
  const lead: Phase[] =
    left >= 0
      ? [...rise, { seconds: left / limits.velocityDegPerS, jerk: 0 }]
      : cut(rise, switchingTime(from, rise, direction, target, limits));
  return new Trajectory(from, [...lead, ...stopRamp(follow(from, lead), limits)], target);
}

function stopEndDeg(from: Kinematics, limits: RampLimits): number {
  return follow(from, stopRamp(from, limits)).p;
}

/** How long to follow `rise` so that the stop after it ends at `target`: bisection. */
function switchingTime(
  from: Kinematics,
  rise: readonly Phase[],
  direction: number,
  target: number,
  limits: RampLimits,
): number {
  let low = 0;
  let high = totalSeconds(rise);
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    const end = stopEndDeg(follow(from, cut(rise, middle)), limits);
    if (direction * (target - end) > 0) low = middle;
    else high = middle;
  }
  return high;
}
