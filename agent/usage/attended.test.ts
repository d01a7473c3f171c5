import fc from 'fast-check';
import { expect, it } from 'vitest';
import { attended, MAX_LESSONS } from './attended.ts';

const MIN = 60_000;
const lesson = (name: string, fromMin: number, untilMin: number) => ({
  ...{ lesson: name, fromMs: fromMin * MIN, untilMs: untilMin * MIN },
});

it('counts the part of each lesson that the session was in', () => {
  const lessons = [lesson('a', -100, -55), lesson('b', -50, -5), lesson('c', -2, 43)];
  expect(attended(60 * MIN, lessons)).toEqual([
    { lesson: 'a', plannedMinutes: 45, attendedMinutes: 5 },
    { lesson: 'b', plannedMinutes: 45, attendedMinutes: 45 },
    { lesson: 'c', plannedMinutes: 45, attendedMinutes: 2 },
  ]);
});

it('counts nothing of lessons that it only touched, or that are to come', () => {
  expect(attended(10 * MIN, [lesson('past', -55, -10), lesson('next', 0, 45)])).toEqual([]);
});

it('keeps what was attended of a lesson that the timetable has lost', () => {
  const before = [{ lesson: 'a', plannedMinutes: 45, attendedMinutes: 12.5 }];
  expect(attended(30 * MIN, [], before)).toEqual(before);
  expect(attended(30 * MIN, [lesson('a', -20, 25)], before)).toEqual([
    { lesson: 'a', plannedMinutes: 45, attendedMinutes: 20 },
  ]);
});

it('never counts more than was planned, or than the session lasted', () => {
  const minute = fc.integer({ min: -600, max: 600 });
  const some = fc.array(
    fc
      .tuple(fc.nat(40), minute, fc.integer({ min: 1, max: 300 }))
      .map(([id, from, length]) => lesson(String(id), from, from + length)),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(some, fc.integer({ min: 0, max: 600 }), (lessons, lasted) => {
      const found = attended(lasted * MIN, lessons);
      expect(found.length).toBeLessThanOrEqual(MAX_LESSONS);
      for (const { plannedMinutes, attendedMinutes } of found) {
        expect(attendedMinutes).toBeGreaterThan(0);
        expect(attendedMinutes).toBeLessThanOrEqual(Math.min(plannedMinutes, lasted));
      }
    }),
  );
});
