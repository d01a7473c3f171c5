import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deskmate1 } from '../../hal/boards/deskmate1.ts';
import type { Kinematics } from './ramp.ts';
import { planMove, planStop, standing, type Trajectory } from './trajectory.ts';

const limits = deskmate1.pan.normal;
const quiet = deskmate1.pan.quiet;
const rest = (p: number): Kinematics => ({ p, v: 0, a: 0 });

const start = fc.record({
  p: fc.double({ min: -175, max: 175, noNaN: true }),
  v: fc.double({ min: -180, max: 180, noNaN: true }),
  a: fc.double({ min: -720, max: 720, noNaN: true }),
});
const target = fc.double({ min: -175, max: 175, noNaN: true });

/** Largest of a quantity over the motion, sampled each millisecond. */
function peak(plan: Trajectory, of: (at: Kinematics) => number): number {
  let most = 0;
  for (let t = 0; t < plan.seconds; t += 0.001) most = Math.max(most, Math.abs(of(plan.at(t))));
  return most;
}

/** Largest change of a quantity within a millisecond. */
function biggestStep(plan: Trajectory, of: (at: Kinematics) => number): number {
  let most = 0;
  let before = of(plan.at(0));
  for (let t = 0.001; t < plan.seconds + 0.002; t += 0.001) {
    const now = of(plan.at(t));
    most = Math.max(most, Math.abs(now - before));
    before = now;
  }
  return most;
}

describe('planMove', () => {
  it('turns 90 degrees in the analytical minimum', () => {
    // d/v + v/a + a/j = 0.5 + 0.25 + 0.1
    expect(planMove(rest(0), 90, limits).seconds).toBeCloseTo(0.85, 9);
    expect(planMove(rest(90), 0, limits).seconds).toBeCloseTo(0.85, 9);
  });

  it('is as fast as the closed form for moves too short for full speed or acceleration', () => {
    // Without reaching the acceleration limit: 4 cbrt(d / 2j).
    expect(planMove(rest(0), 1, limits).seconds).toBeCloseTo(4 * Math.cbrt(1 / 14_400), 9);
    // Without reaching full speed: a/j + sqrt((a/j)^2 + 4 d/a).
    const rampS = 720 / 7200;
    expect(planMove(rest(0), 30, limits).seconds).toBeCloseTo(
      rampS + Math.sqrt(rampS ** 2 + (4 * 30) / 720),
      9,
    );
  });

  it('does not move when it is at the target', () => {
    expect(planMove(rest(12), 12, limits).seconds).toBe(0);
    expect(standing(12).at(3)).toEqual(rest(12));
  });

  it('ends at the target, at rest, and is continuous', () => {
    fc.assert(
      fc.property(start, target, (from, to) => {
        const plan = planMove(from, to, limits);
        const justBefore = plan.at(plan.seconds - 1e-9);
        expect(Math.abs(justBefore.p - to)).toBeLessThan(1e-6);
        expect(Math.abs(justBefore.v)).toBeLessThan(1e-4);
        expect(plan.at(0).p).toBeCloseTo(from.p, 12);
        expect(plan.at(0).v).toBeCloseTo(from.v, 12);
        const fastest = Math.max(180, Math.abs(from.v) + 36);
        expect(biggestStep(plan, ({ p }) => p)).toBeLessThan(0.001 * fastest + 1e-6);
        expect(biggestStep(plan, ({ v }) => v)).toBeLessThan(0.7201);
        expect(biggestStep(plan, ({ a }) => a)).toBeLessThan(7.2001);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps velocity and acceleration within the limits once it is within them', () => {
    fc.assert(
      fc.property(target, target, (from, to) => {
        const plan = planMove(rest(from), to, limits);
        expect(peak(plan, (at) => at.v)).toBeLessThan(180.0001);
        expect(peak(plan, (at) => at.a)).toBeLessThan(720.0001);
      }),
      { numRuns: 60 },
    );
  });

  it('adapts to narrower limits without a jump', () => {
    const from = { p: -100, v: 180, a: 300 };
    const plan = planMove(from, 150, quiet);
    expect(plan.at(0)).toEqual(from);
    expect(plan.at(2.5).v).toBeLessThan(60.0001);
    expect(plan.at(plan.seconds + 1)).toEqual(rest(150));
  });

  it('is never slower than any trajectory found by a search', () => {
    fc.assert(
      fc.property(start, target, (from, to) => {
        const ours = planMove(from, to, limits).seconds;
        const found = quickestBySearch(from, to);
        expect(ours).toBeLessThanOrEqual(found + 1e-4);
      }),
      { numRuns: 40 },
    );
  });
});

describe('planStop', () => {
  it('stops from full speed in v/a + a/j', () => {
    const plan = planStop({ p: 0, v: 180, a: 0 }, limits);
    expect(plan.seconds).toBeCloseTo(0.35, 9);
    expect(plan.at(1)).toEqual(rest(plan.endDeg));
  });
});

/**
 * An independent answer by search: go to any velocity (fastest ramp, written out here anew), hold
 * it as long as the distance needs, and stop; the best of a fine grid of velocities that needs no
 * negative holding time. Every trajectory has an extreme of its velocity, with acceleration 0, so
 * nothing faster is left out but for the grid.
 */
function quickestBySearch(from: Kinematics, to: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = -1800; i <= 1800; i++) {
    const speed = i / 10;
    const up = rampBySteps(from.v, from.a, speed);
    const down = rampBySteps(speed, 0, 0);
    const left = to - from.p - up.deg - down.deg;
    const holdS = Math.abs(left) < 1e-9 ? 0 : left / speed;
    if (holdS >= 0 && Number.isFinite(holdS)) best = Math.min(best, up.s + holdS + down.s);
  }
  return best;
}

/**
 * Duration and distance of a ramp, from the textbook cases (trapezoidal or triangular
 * acceleration).
 */
function rampBySteps(v0: number, a0: number, v1: number): { s: number; deg: number } {
  const [A, J] = [720, 7200];
  const up = v1 - v0 >= (a0 * Math.abs(a0)) / (2 * J) ? 1 : -1;
  const triangle = Math.sqrt(Math.max(0, up * (v1 - v0) * J + (a0 * a0) / 2));
  const top = up * Math.min(A, triangle);
  const t1 = Math.abs(top - a0) / J;
  const t3 = Math.abs(top) / J;
  const hold =
    triangle > A ? Math.abs((v1 - v0 - ((a0 + top) / 2) * t1 - (top / 2) * t3) / top) : 0;
  let [p, v, a] = [0, v0, a0];
  for (const [t, j] of [
    [t1, Math.sign(top - a0) * J],
    [hold, 0],
    [t3, -Math.sign(top) * J],
  ] as const) {
    p += v * t + (a * t * t) / 2 + (j * t * t * t) / 6;
    v += a * t + (j * t * t) / 2;
    a += j * t;
  }
  return { s: t1 + hold + t3, deg: p };
}
