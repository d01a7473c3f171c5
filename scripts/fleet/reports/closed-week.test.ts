/** Closed weeks are read back from a store, for years: by older and newer versions, and damaged. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dateOf } from './calendar.ts';
import { ClosedWeek } from './small-groups.ts';
import { emptyTally } from './tally.ts';

const unit = { schools: ['norra'], pupils: 5, tally: emptyTally(), phaseSum: 0, phasePupils: 0 };
const WEEK = {
  ...{ version: 1, zone: 'Europe/Amsterdam', monday: '2026-03-23', leftOut: 0 },
  units: [unit, { ...unit, schools: ['soder', 'eken'], pupils: 7 }],
};

/** All paths to a value inside. */
function pathsOf(value: unknown): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? value.map((_, n) => n) : Object.keys(value);
  return keys.flatMap((key) => [
    [key],
    ...pathsOf((value as Record<string, unknown>)[key]).map((path) => [key, ...path]),
  ]);
}

function changed(value: unknown, [key, ...rest]: (string | number)[], to: unknown): unknown {
  if (key === undefined) return to;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as never;
  const inside = copy as Record<string | number, unknown>;
  inside[key] = changed(inside[key], rest, to);
  return copy;
}

const path = fc.constantFrom(...pathsOf(WEEK));

test('a closed week comes back as it was stored, with fields of newer versions', () => {
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), (name, value) => {
      fc.pre(!(name in WEEK) && name !== '__proto__');
      const stored = { ...WEEK, [name]: value };
      const read = ClosedWeek.parse(JSON.parse(JSON.stringify(stored)));
      expect(read).toEqual(JSON.parse(JSON.stringify(stored)));
    }),
  );
});

test('a wrong value is refused, and it says where', () => {
  const wrong = fc.constantFrom(null, true, -1, 'x y', { a: { b: 1 } }, undefined);
  fc.assert(
    fc.property(path, wrong, (at, value) => {
      const read = ClosedWeek.safeParse(changed(WEEK, at, value));
      // Any text may be the name of a zone here: the calendar knows which there are.
      if (read.success) {
        expect(JSON.stringify(at)).toMatch(/zone/);
        return;
      }
      for (const issue of read.error.issues) {
        const said = issue.path.map(String);
        expect(said.slice(0, at.length)).toEqual(at.map(String).slice(0, said.length));
      }
    }),
    { numRuns: 400 },
  );
});

test('anything else at all is refused, never half read', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(ClosedWeek.safeParse(value).success).toBe(false);
    }),
  );
});

test('only the date of a Monday is the date of a week', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40_000 }), (day) => {
      const read = ClosedWeek.safeParse({ ...WEEK, monday: dateOf(day) });
      expect(read.success).toBe(new Date(day * 86_400_000).getUTCDay() === 1);
      if (!read.success) expect(read.error.issues[0]?.message).toMatch(/date of a Monday/);
    }),
  );
});

test('a group of four is no unit, also from a store that somebody wrote to', () => {
  const read = ClosedWeek.safeParse(changed(WEEK, ['units', 0, 'pupils'], 4));
  expect(read.error?.issues.map((issue) => issue.path.join('.'))).toEqual(['units.0.pupils']);
});
