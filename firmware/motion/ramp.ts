/**
 * The fastest jerk-limited change of velocity, and the algebra of constant-jerk motion that the
 * trajectories are made of. Pure functions; degrees and seconds.
 */

/** Position, velocity and acceleration of an axis: deg, deg/s, deg/s². */
export interface Kinematics {
  readonly p: number;
  readonly v: number;
  readonly a: number;
}

/** A phase of constant jerk. */
export interface Phase {
  readonly seconds: number;
  readonly jerk: number;
}

/** Limits for a change of velocity. */
export interface RampLimits {
  readonly accelerationDegPerS2: number;
  readonly jerkDegPerS3: number;
}

/** The state after `seconds` of constant `jerk`. */
export function advance(from: Kinematics, seconds: number, jerk: number): Kinematics {
  const t = seconds;
  return {
    p: from.p + t * (from.v + t * (from.a / 2 + (t * jerk) / 6)),
    v: from.v + t * (from.a + (t * jerk) / 2),
    a: from.a + t * jerk,
  };
}

/** The state after all of `phases`. */
export function follow(from: Kinematics, phases: readonly Phase[]): Kinematics {
  let state = from;
  for (const phase of phases) state = advance(state, phase.seconds, phase.jerk);
  return state;
}

export function totalSeconds(phases: readonly Phase[]): number {
  let seconds = 0;
  for (const phase of phases) seconds += phase.seconds;
  return seconds;
}

/** The first `seconds` of `phases`. */
export function cut(phases: readonly Phase[], seconds: number): Phase[] {
  const head: Phase[] = [];
  let left = seconds;
  for (const phase of phases) {
    if (left <= 0) break;
    head.push({ seconds: Math.min(left, phase.seconds), jerk: phase.jerk });
    left -= phase.seconds;
  }
  return head;
}

/**
 * The fastest way from velocity `v0` with acceleration `a0` to velocity `v1` with acceleration 0:
 * jerk to a peak acceleration, hold it if it is the limit, jerk back to 0. An `a0` beyond the limit
 * (the limits have just become narrower) is first reduced to it.
 */
export function ramp(v0: number, a0: number, v1: number, limits: RampLimits): Phase[] {
  const A = limits.accelerationDegPerS2;
  const J = limits.jerkDegPerS3;
  // The velocity reached by reducing the acceleration directly to 0 determines the direction.
  const coasting = v0 + (a0 * Math.abs(a0)) / (2 * J);
  const sign = coasting <= v1 ? 1 : -1;
  // From here on mirrored, so that velocity has to rise by dv.
  const a = sign * a0;
  const dv = sign * (v1 - v0);
  const peak = a > A ? A : Math.max(a, Math.min(A, Math.sqrt(Math.max(0, J * dv + (a * a) / 2))));
  const gainedToPeak = (Math.sign(peak - a) * (peak * peak - a * a)) / (2 * J);
  const gainedAfter = (peak * peak) / (2 * J);
  const hold = peak > 0 ? Math.max(0, (dv - gainedToPeak - gainedAfter) / peak) : 0;
  return [
    { seconds: Math.abs(peak - a) / J, jerk: sign * Math.sign(peak - a) * J },
    { seconds: hold, jerk: 0 },
    { seconds: peak / J, jerk: -sign * J },
  ];
}

/** The fastest stop. */
export function stopRamp(from: Kinematics, limits: RampLimits): Phase[] {
  return ramp(from.v, from.a, 0, limits);
}

/** The lowest and highest position on the way through `phases`, both ends included. */
export function reach(from: Kinematics, phases: readonly Phase[]): { min: number; max: number } {
  let min = from.p;
  let max = from.p;
  let state = from;
  for (const phase of phases) {
    for (const t of turningPoints(state, phase)) {
      const p = advance(state, t, phase.jerk).p;
      min = Math.min(min, p);
      max = Math.max(max, p);
    }
    state = advance(state, phase.seconds, phase.jerk);
    min = Math.min(min, state.p);
    max = Math.max(max, state.p);
  }
  return { min, max };
}

/** Times within the phase at which the velocity is 0. */
function turningPoints(from: Kinematics, phase: Phase): number[] {
  const half = phase.jerk / 2;
  if (half === 0) return from.a === 0 ? [] : within([-from.v / from.a], phase.seconds);
  const root = from.a * from.a - 4 * half * from.v;
  if (root < 0) return [];
  const spread = Math.sqrt(root);
  return within([(-from.a - spread) / (2 * half), (-from.a + spread) / (2 * half)], phase.seconds);
}

const within = (times: number[], end: number): number[] => times.filter((t) => t > 0 && t < end);
