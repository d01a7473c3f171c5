import { describe, expect, it } from 'vitest';
import { referenceGeometry } from './geometry.ts';
import { panServo, tiltServo } from './head-dynamics.ts';
import { type ServoInput, type ServoParams, type ServoState, servoAt, stepServo } from './servo.ts';

const STEP_S = 0.005;
const pan = panServo(referenceGeometry.pan);
const tilt = tiltServo(referenceGeometry.tilt);
const free: ServoInput = { targetDeg: undefined, jammed: false, handDeg: undefined };

/** Runs for `seconds`, `input` by time; gives the trace of states, one each step. */
function run(
  start: ServoState,
  params: ServoParams,
  seconds: number,
  input: (t: number) => Partial<ServoInput>,
): ServoState[] {
  const trace: ServoState[] = [];
  let state = start;
  for (let i = 0; i < Math.round(seconds / STEP_S); i++) {
    state = stepServo(state, { ...free, ...input(i * STEP_S) }, params, STEP_S);
    trace.push(state);
  }
  return trace;
}

const last = (trace: ServoState[]): ServoState => trace[trace.length - 1] ?? servoAt(Number.NaN);

describe('servo', () => {
  it('answers a step with its speed limit and without overshoot beyond its play', () => {
    const trace = run(servoAt(0), pan, 1, () => ({ targetDeg: 60 }));
    const speeds = trace.map((state) => state.headDegPerS);
    expect(Math.max(...speeds)).toBeGreaterThan(300);
    expect(Math.max(...speeds)).toBeLessThanOrEqual(pan.maxDegPerS + 1);
    expect(Math.max(...trace.map((state) => state.headDeg))).toBeLessThan(60.3);
    expect(Math.abs(last(trace).headDeg - 60)).toBeLessThan(0.45);
    expect(last(trace).headDegPerS).toBe(0);
  });

  it.each([
    ['pan', pan, 180],
    ['tilt', tilt, 90],
  ])('follows the fastest %s ramp within 20 ms without pulse frames', (_name, params, speed) => {
    const from = params.minDeg + 5;
    const trace = run(servoAt(from), params, 0.4, (t) => ({ targetDeg: from + speed * t }));
    const behindDeg = from + speed * (0.4 - STEP_S) - last(trace).headDeg;
    const lagMs = (behindDeg / speed) * 1000;
    expect(lagMs).toBeGreaterThan(5);
    expect(lagMs).toBeLessThan(20);
  });

  it('does nothing inside its dead band', () => {
    const trace = run(servoAt(0), pan, 0.2, () => ({ targetDeg: 0.14 }));
    expect(last(trace)).toEqual(servoAt(0));
  });

  it('comes back to another place than it left: play of the gears', () => {
    const up = last(run(servoAt(-20), pan, 1, () => ({ targetDeg: 0 })));
    const down = last(run(servoAt(20), pan, 1, () => ({ targetDeg: 0 })));
    const play = down.headDeg - up.headDeg;
    expect(play).toBeGreaterThan(pan.backlashDeg * 0.8);
    expect(play).toBeLessThan(pan.backlashDeg + pan.deadBandDeg + 0.1);
  });

  it('holds the head against its weight with a small droop', () => {
    const held = last(run(servoAt(10), tilt, 2, () => ({ targetDeg: 10 })));
    expect(held.headDeg).toBeLessThan(10);
    expect(held.headDeg).toBeGreaterThan(9.3);
  });

  it('sinks slowly to its stop without torque, and stays put in pan', () => {
    const trace = run(servoAt(20), tilt, 8, () => ({}));
    expect(Math.min(...trace.map((state) => state.headDegPerS))).toBeGreaterThan(-25);
    expect(last(trace).headDeg).toBeCloseTo(tilt.minDeg, 5);
    expect(last(run(servoAt(20), pan, 2, () => ({}))).headDeg).toBe(20);
  });

  it('pushes with all its strength against a jam and moves nothing', () => {
    const jammed = last(run(servoAt(0), pan, 0.5, () => ({ targetDeg: 30, jammed: true })));
    expect(jammed.headDeg).toBe(0);
    expect(jammed.effort).toBeGreaterThan(0.9);
  });

  it('yields to a hand and returns when it lets go', () => {
    const trace = run(servoAt(0), pan, 2, (t) => ({
      targetDeg: 0,
      ...(t < 1 ? { handDeg: 40 } : {}),
    }));
    expect(Math.max(...trace.map((state) => state.headDeg))).toBeCloseTo(40, 5);
    expect(trace[150]?.effort).toBeGreaterThan(0.9);
    expect(Math.abs(last(trace).headDeg)).toBeLessThan(0.5);
  });

  it('never passes a mechanical stop, whatever is commanded', () => {
    const trace = run(servoAt(0), tilt, 2, (t) => ({ targetDeg: t < 1 ? 200 : -200 }));
    for (const state of trace) {
      expect(state.headDeg).toBeLessThanOrEqual(tilt.maxDeg);
      expect(state.headDeg).toBeGreaterThanOrEqual(tilt.minDeg);
    }
  });
});
