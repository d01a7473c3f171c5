import { describe, expect, it } from 'vitest';
import type { Quality } from '../../../client/api.ts';
import { UNMEASURED } from './model.ts';
import { noTrouble, type TroubleWatch, watchTrouble } from './trouble-watch.ts';

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
