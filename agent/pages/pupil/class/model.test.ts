import { describe, expect, it } from 'vitest';
import type { Quality } from '../../../client/api.ts';
import type { RobotState } from '../../../wire/control.ts';
import { live, model } from '../testing/class-model.ts';
import type { Direction } from './keys.ts';
import {
  atLimit,
  headBlock,
  noTrouble,
  type TroubleWatch,
  tapBlock,
  UNMEASURED,
  watchTrouble,
} from './model.ts';

describe('whether the head can turn', () => {
  const cases: [string, Partial<RobotState>, string | undefined][] = [
    ['well', {}, undefined],
    ['turned by hand', { motion: 'handTurned' }, undefined],
    ['torque off', { motion: 'off' }, 'refusedMotion'],
    ['faulty', { problems: ['noMotion'] }, 'refusedMotion'],
    ['body away', { problems: ['body'] }, 'refusedMotion'],
    ['no head', { motion: 'absent' }, 'refusedNoHead'],
    ['paused', { phase: 'paused', motion: 'off' }, 'refusedPaused'],
    ['waking', { phase: 'waking' }, 'refusedNotLive'],
  ];
  it.each(cases)('%s', (_name, robot, reason) => {
    expect(headBlock(model({}, robot))).toBe(reason);
  });

  it('is not while the connection is away or nothing is known', () => {
    expect(headBlock(model({ connection: { name: 'reconnecting', attempt: 1 } }))).toBe(
      'refusedLost',
    );
    expect(headBlock(model({ robot: undefined }))).toBe('refusedNotLive');
  });

  it('points at nothing in a picture that is not there', () => {
    expect(tapBlock(model({}, { camera: 'fault' }))).toBe('refusedCamera');
    expect(tapBlock(model({}, { phase: 'paused' }))).toBe('refusedPaused');
    expect(tapBlock(model())).toBeUndefined();
  });
});

describe('the end of where it can go', () => {
  const at = (pan: number, tilt: number, ...held: Direction[]): boolean =>
    atLimit(
      model({}, { pan: { ...live.pan, deg: pan }, tilt: { ...live.tilt, deg: tilt } }),
      new Set(held),
    );

  it('is where no direction that is held leads further', () => {
    expect(at(175, 0, 'left')).toBe(true);
    expect(at(175, 0, 'right')).toBe(false);
    expect(at(-174.8, 0, 'right')).toBe(true);
    expect(at(0, 29.7, 'up')).toBe(true);
    expect(at(0, -25, 'down')).toBe(true);
    expect(at(175, 0, 'left', 'up')).toBe(false);
    expect(at(175, 30, 'left', 'up')).toBe(true);
    expect(at(175, 30)).toBe(false);
  });
});

const good: Quality = { ...UNMEASURED, verdict: 'good', videoLatencyMs: 80, roundTripMs: 20 };
const late: Quality = { ...good, verdict: 'poor', trouble: 'delay', roundTripMs: 4_500 };
const choppy: Quality = { ...good, verdict: 'poor', trouble: 'choppy' };

const watched = (...qualities: Quality[]): TroubleWatch =>
  qualities.reduce<TroubleWatch>(watchTrouble, noTrouble);

describe('watching for trouble', () => {
  it('takes three bad seconds in a row', () => {
    expect(watched(late, late).trouble).toBeUndefined();
    expect(watched(late, late, good, late, late).trouble).toBeUndefined();
    expect(watched(late, late, late).trouble).toEqual({ why: 'delay', delayMs: 4_500 });
  });

  it('stays until six seconds in a row are well, with the first reason and the newest delay', () => {
    const bad = [late, late, late];
    const well = (times: number): Quality[] => Array.from({ length: times }, () => good);
    expect(watched(...bad, ...well(5)).trouble).toBeDefined();
    expect(watched(...bad, ...well(5), late, ...well(5)).trouble).toBeDefined();
    expect(watched(...bad, ...well(6)).trouble).toBeUndefined();
    expect(watched(...bad, choppy).trouble).toEqual({ why: 'delay', delayMs: 80 });
  });

  it('lets a fair or unknown connection be', () => {
    const fair: Quality = { ...late, verdict: 'fair' };
    expect(watched(fair, fair, fair, fair, UNMEASURED).trouble).toBeUndefined();
  });
});
