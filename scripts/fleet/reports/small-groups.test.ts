import { expect, test } from 'vitest';
import { FakeRandom } from '../../../hal/fake/random.ts';
import { dateOf, dayOfDate, LocalCalendar } from './calendar.ts';
import { aboveSchool, ClosedWeek, closeWeek, unitsOf } from './small-groups.ts';
import { usage } from './testing/usage.ts';
import type { PlannedLesson, StoredUsage, UsageInput } from './usage-input.ts';
import { usageReport } from './usage-report.ts';

const HOUR = 3_600_000;
const FIRST = dayOfDate('2026-03-23') ?? 0;
const WEEKS = 3;
const calendar = new LocalCalendar('Europe/Amsterdam');

interface Fleet {
  readonly input: UsageInput;
  readonly schools: readonly string[];
  /** Pupils of each cell: a school in a week. */
  readonly pupils: readonly number[];
}

/** Cell i has 2^i pauses in all: a sum of cells tells which they are. */
const PAUSES = (cell: number): number => 2 ** cell;

function randomFleet(seed: number): Fleet {
  const random = new FakeRandom(seed);
  const schools = Array.from({ length: 2 + random.below(4) }, (_, n) => `school-${n}`);
  const records: StoredUsage[] = [];
  const lessons: PlannedLesson[] = [];
  const pupils: number[] = [];
  const robots = schools.flatMap((school) =>
    range(8).map((n) => ({ robot: `${school}-${n}`, school })),
  );
  for (const week of range(WEEKS)) {
    for (const school of schools) {
      const cell = pupils.push(random.below(8)) - 1;
      const count = pupils[cell] ?? 0;
      for (const n of range(count)) {
        const start = calendar.startOf(FIRST + 7 * week + random.below(7)) + 9 * HOUR;
        const robot = `${school}-${n}`;
        lessons.push({ robot, assignment: `of-${robot}`, school, start, end: start + HOUR });
        const pauses = n === 0 ? PAUSES(cell) : 0;
        records.push(usage({ robot, start, end: start + HOUR, pauses }));
      }
    }
  }
  const asOf = calendar.startOf(FIRST + 7 * (WEEKS + 2));
  return { input: { records, lessons, robots, phases: [], asOf }, schools, pupils };
}

/** All that is ever shown above a school, as sums of cells: any window of days, any schools. */
function published(fleet: Fleet): number[][] {
  const weeks = range(WEEKS).map((week) => {
    const closed = closeWeek(fleet.input, calendar, FIRST + 7 * week);
    if (!closed.ok) throw new Error(closed.reason);
    return ClosedWeek.parse(JSON.parse(JSON.stringify(closed.week)));
  });
  const sums: number[] = [];
  for (const from of range(7 * WEEKS)) {
    for (const to of range(7 * WEEKS + 1)) {
      for (const subset of range(2 ** fleet.schools.length)) {
        const schools = fleet.schools.filter((_, n) => subset & (1 << n));
        const request = { from: dateOf(FIRST + from), to: dateOf(FIRST + to), schools };
        const answer = aboveSchool(weeks, request);
        if (!answer.ok) break;
        const { rows, fleet: all, weeks: shown } = answer.report;
        sums.push(
          ...[...rows, all, ...shown.map(({ row }) => row)].map((row) => row.tally.counts.pauses),
        );
      }
    }
  }
  return [...new Set(sums)].map((sum) => cellsOf(sum, fleet.pupils.length));
}

/** Each group of pupils under 5 whose figures an attacker can compute from these sums. */
function revealed(known: readonly number[][], fleet: Fleet, own: number): number[][] {
  const basis = reduced(known);
  const width = fleet.schools.length;
  const found: number[][] = [];
  for (const week of range(WEEKS)) {
    for (const subset of range(2 ** width)) {
      const cells = range(width).filter((n) => subset & (1 << n) && n !== own);
      const pupils = cells.reduce((sum, n) => sum + (fleet.pupils[week * width + n] ?? 0), 0);
      if (pupils === 0 || pupils >= 5) continue;
      const wanted = fleet.pupils.map((_, cell) =>
        Number(cells.includes(cell - week * width) && (fleet.pupils[cell] ?? 0) > 0),
      );
      if (isCombination(basis, wanted)) found.push(wanted);
    }
  }
  return found;
}

const SEEDS = range(5);

test.each(SEEDS)('no combination of all reports tells of a group under 5 (fleet %i)', (seed) => {
  const fleet = randomFleet(seed);
  expect(revealed(published(fleet), fleet, -1)).toEqual([]);
});

test.each(SEEDS)('nor to somebody who knows all of one school (fleet %i)', (seed) => {
  const fleet = randomFleet(seed);
  const sums = published(fleet);
  const width = fleet.schools.length;
  for (const own of range(width)) {
    const inside = range(WEEKS).map((week) =>
      cellsOf(PAUSES(week * width + own), fleet.pupils.length),
    );
    expect(revealed([...sums, ...inside], fleet, own)).toEqual([]);
  }
});

test('the attacker finds small schools where the fleet total is exact', () => {
  const broken = SEEDS.filter((seed) => {
    const fleet = randomFleet(seed);
    const { input, pupils, schools } = fleet;
    const naive = range(WEEKS).flatMap((week) => {
      const report = usageReport(input, { window: calendar.days(FIRST + 7 * week, 7), calendar });
      const shown = report.schools.filter((_, n) => (pupils[week * schools.length + n] ?? 0) >= 5);
      return [...shown, report.total].map((row) => cellsOf(row.figures.pauses, pupils.length));
    });
    return revealed(naive, fleet, -1).length > 0;
  });
  expect(broken.length).toBeGreaterThan(0);
});

test('small schools are together only if any one can be taken away', () => {
  const sized = (...sizes: number[]) => sizes.map((pupils, n) => ({ school: `s${n}`, pupils }));
  expect(unitsOf(sized(2, 3)).leftOut).toBe(2);
  expect(unitsOf(sized(4, 4)).leftOut).toBe(2);
  expect(unitsOf(sized(4, 4, 1)).units.map((unit) => unit.length)).toEqual([3]);
  expect(unitsOf(sized(5, 1, 30)).units.map((unit) => unit.length)).toEqual([1, 1]);
  expect(unitsOf(sized(5, 1, 30)).leftOut).toBe(1);
});

test('a week is closed only when it is over and settled', () => {
  const { input } = randomFleet(1);
  const early = { ...input, asOf: calendar.startOf(FIRST + 14) - 1 };
  expect(closeWeek(early, calendar, FIRST)).toEqual({ ok: false, reason: 'notYet' });
  expect(closeWeek(input, calendar, FIRST + 1)).toEqual({ ok: false, reason: 'notMonday' });
  expect(closeWeek({ ...early, asOf: early.asOf + 1 }, calendar, FIRST).ok).toBe(true);
});

test('weeks of two time zones, or one twice, are not added up', () => {
  const closed = closeWeek(randomFleet(1).input, calendar, FIRST);
  if (!closed.ok) throw new Error(closed.reason);
  const request = { from: dateOf(FIRST), to: dateOf(FIRST + 14) };
  const other = { ...closed.week, zone: 'UTC', monday: dateOf(FIRST + 7) };
  expect(aboveSchool([closed.week, other], request)).toMatchObject({ reason: 'differentZones' });
  expect(aboveSchool([closed.week, closed.week], request)).toMatchObject({ reason: 'weekTwice' });
  const alone = aboveSchool([closed.week], request);
  expect(alone).toMatchObject({ ok: true, report: { missing: [dateOf(FIRST + 7)] } });
});

function range(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}

function cellsOf(sum: number, cells: number): number[] {
  return range(cells).map((cell) => Math.floor(sum / 2 ** cell) % 2);
}

type Basis = { pivot: number; row: number[] }[];

/** Gaussian elimination. */
function reduced(rows: readonly number[][]): Basis {
  const basis: Basis = [];
  for (const row of rows) {
    const left = minus(basis, row);
    const pivot = left.findIndex((value) => Math.abs(value) > 1e-9);
    if (pivot >= 0) basis.push({ pivot, row: left.map((value) => value / (left[pivot] ?? 1)) });
  }
  return basis;
}

function minus(basis: Basis, row: readonly number[]): number[] {
  return basis.reduce(
    (left, { pivot, row: by }) => {
      const factor = left[pivot] ?? 0;
      return factor === 0 ? left : left.map((value, n) => value - factor * (by[n] ?? 0));
    },
    [...row],
  );
}

function isCombination(basis: Basis, wanted: readonly number[]): boolean {
  return minus(basis, wanted).every((value) => Math.abs(value) < 1e-9);
}
