import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AxisBoard } from '../../hal/boards/board.ts';
import { deskmate1 } from '../../hal/boards/deskmate1.ts';
import { Axis } from './axis.ts';
import type { Kinematics } from './ramp.ts';

type Step =
  | { do: 'look'; deg: number }
  | { do: 'rate'; rate: number }
  | { do: 'stop' | 'brake' | 'resume' | 'quiet' | 'normal' };

const anyNumber = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: -400, max: 400, noNaN: true }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('look' as const), deg: anyNumber }),
  fc.record({ do: fc.constant('rate' as const), rate: anyNumber }),
  fc.record({ do: fc.constantFrom('stop', 'brake', 'resume', 'quiet', 'normal') }),
);
const script = fc.array(fc.tuple(step, fc.integer({ min: 0, max: 700 })), { maxLength: 25 });

function perform(axis: Axis, step: Step, nowMs: number): void {
  if (step.do === 'look') axis.lookTo(step.deg, nowMs);
  else if (step.do === 'rate') axis.lookAtRate(step.rate, nowMs);
  else if (step.do === 'quiet' || step.do === 'normal') axis.use(step.do, nowMs);
  else axis[step.do](nowMs);
}

/** The violated limit, if any; emergency stops may use four times the jerk. */
function excess(board: AxisBoard, before: Kinematics, now: Kinematics, seconds: number) {
  const { velocityDegPerS, accelerationDegPerS2, jerkDegPerS3 } = board.normal;
  if (now.p > board.maxDeg + 1e-6 || now.p < board.minDeg - 1e-6) return `position ${now.p}`;
  if (Math.abs(now.v) > velocityDegPerS + 1e-6) return `velocity ${now.v}`;
  if (Math.abs(now.a) > accelerationDegPerS2 + 1e-6) return `acceleration ${now.a}`;
  const jerk = Math.abs(now.a - before.a) / seconds;
  return jerk > 4 * jerkDegPerS3 + 1e-3 ? `jerk ${jerk}` : undefined;
}

describe('Axis', () => {
  for (const name of ['pan', 'tilt'] as const) {
    it(`never passes the soft limits of ${name} and never jumps, for any commands`, () => {
      const board = deskmate1[name];
      fc.assert(
        fc.property(script, fc.double({ min: 0, max: 1, noNaN: true }), (steps, where) => {
          const axis = new Axis(board, board.minDeg + where * (board.maxDeg - board.minDeg));
          let nowMs = 0;
          let before = axis.at(nowMs);
          for (const [step, ms] of steps) {
            perform(axis, step, nowMs);
            for (const end = nowMs + ms; nowMs < end; nowMs += 2) {
              axis.tick(nowMs);
              const now = axis.at(nowMs);
              const wrong = excess(board, before, now, 0.002);
              if (wrong) expect.fail(`${wrong} at ${nowMs} ms`);
              before = now;
            }
          }
        }),
        { numRuns: 150 },
      );
    });
  }

  it('only moves inward when it starts beyond a limit', () => {
    const axis = new Axis(deskmate1.tilt, 33);
    axis.lookAtRate(90, 0);
    let before = 33;
    for (let t = 0; t < 2000; t += 10) {
      const { p } = axis.at(t);
      expect(p).toBeLessThanOrEqual(before + 1e-9);
      before = p;
    }
    expect(before).toBe(30);
  });

  it('slows down for the quiet profile, and brakes by the normal one', () => {
    const axis = new Axis(deskmate1.pan, 0);
    axis.lookTo(170, 0);
    expect(axis.at(500).v).toBeCloseTo(180, 6);
    expect(axis.brakeMs(500)).toBeCloseTo(275, 6);
    axis.use('quiet', 500);
    expect(axis.at(2000).v).toBeLessThan(60.001);
    expect(axis.brakeMs(2000)).toBeLessThan(200);
    axis.brake(2000);
    expect(axis.at(2200)).toMatchObject({ v: 0, a: 0 });
    axis.resume(2300);
    expect(axis.targetDeg).toBe(170);
  });

  it('that was stopped stays stopped when its profile changes', () => {
    const axis = new Axis(deskmate1.pan, 0);
    axis.use('quiet', 0);
    axis.lookTo(170, 0);
    axis.brake(500);
    const { p } = axis.at(1_000);
    axis.use('normal', 1_000);
    axis.tick(1_010);
    expect(axis.at(5_000)).toMatchObject({ p, v: 0 });
    axis.resume(5_000);
    expect(axis.targetDeg).toBe(170);
  });

  it('continues to brake by the normal profile when the quiet one would pass a limit', () => {
    const axis = new Axis(deskmate1.pan, 0);
    axis.lookTo(175, 0);
    let most = 0;
    for (let t = 0; t < 4000; t += 10) {
      if (t === 1000) axis.use('quiet', t);
      axis.tick(t);
      most = Math.max(most, axis.at(t).p);
    }
    expect(most).toBeLessThanOrEqual(175);
    expect(axis.at(4000).p).toBe(175);
  });
});
