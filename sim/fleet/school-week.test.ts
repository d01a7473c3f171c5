import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayPartAt, lessonsOf, nextChange } from './school-week.ts';

const MONDAY = Date.UTC(2026, 8, 7);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('a school week', () => {
  it('has lessons on five days, and the same for the same seed', () => {
    const week = [0, 1, 2, 3, 4, 5, 6].map((day) => lessonsOf(MONDAY + day * DAY, 7).length);
    expect(week.slice(0, 5).reduce((all, n) => all + n, 0)).toBeGreaterThan(5);
    expect(week.slice(5)).toEqual([0, 0]);
    expect(lessonsOf(MONDAY, 7)).toEqual(lessonsOf(MONDAY + 5 * HOUR, 7));
  });

  it('begins lessons of many robots in waves, at the bells', () => {
    const starts = Array.from({ length: 300 }, (_, n) => lessonsOf(MONDAY, n)).flat();
    const within = starts.filter(({ fromMs }) => Math.abs(fromMs - MONDAY - 8.5 * HOUR) < 90_001);
    expect(within.length).toBeGreaterThan(100);
  });

  it('leaves robots in the cupboard at night', () => {
    for (const hour of [0, 5, 18, 23]) expect(dayPartAt(MONDAY + hour * HOUR, 3)).toBe('cupboard');
    expect(dayPartAt(MONDAY + 7.75 * HOUR, 3)).toBe('atHand');
  });

  it('changes only at the moments that it names', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7 * DAY }), fc.nat(999), (offset, seed) => {
        const at = MONDAY + offset;
        const next = nextChange(at, seed);
        expect(next).toBeGreaterThan(at);
        expect(next - at).toBeLessThanOrEqual(DAY);
        const between = at + (next - at) * 0.999;
        expect(dayPartAt(between, seed)).toBe(dayPartAt(at, seed));
      }),
    );
  });
});
