import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SESSION_ENDS, UsageRecord } from '../../../agent/wire/fleet.ts';
import { RobotId } from '../../../agent/wire/topics.ts';
import { LocalCalendar } from '../reports/calendar.ts';
import { usageReport } from '../reports/usage-report.ts';
import { plausibleTerm, type TermRequest } from './plausible-term.ts';

const TERM: TermRequest = {
  ...{ seed: 7, robots: 30, schools: 4, weeks: 16 },
  ...{ zone: 'Europe/Amsterdam', firstMonday: '2026-08-24' },
};
const term = plausibleTerm(TERM);
const { records, lessons, phases, robots, asOf } = term.input;
const calendar = new LocalCalendar(TERM.zone);
const reportOf = (from: number, days: number) =>
  usageReport(term.input, { window: calendar.days(from, days), calendar });
const MONDAY = calendar.dayOf(Date.parse('2026-08-24T10:00Z'));
const whole = reportOf(MONDAY, 16 * 7);

test('every record and id is one that a robot could send, for any seed', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1000, max: 1000 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 0, max: 12 }),
      (seed, schools, more) => {
        const request = { ...TERM, seed, schools, robots: schools + more, weeks: 2 };
        const { input } = plausibleTerm(request);
        expect(input.robots).toHaveLength(schools + more);
        expect(new Set(input.robots.map(({ school }) => school)).size).toBe(schools);
        for (const { robot, school } of input.robots)
          expect(RobotId.parse(robot) && RobotId.parse(school)).toBe(school);
        for (const { record } of input.records) {
          expect(UsageRecord.parse(record)).toEqual(record);
          expect(record.end).toBeGreaterThan(record.start);
          expect(record.handsAcknowledged).toBeLessThanOrEqual(record.handsRaised);
        }
        expect(input.phases.every(({ phase }) => phase >= 1 && phase <= 6)).toBe(true);
      },
    ),
    { numRuns: 10 },
  );
});

test('the same seed gives the same term, another one another', () => {
  expect(plausibleTerm(TERM)).toEqual(term);
  expect(plausibleTerm({ ...TERM, seed: 8 }).input.records[0]).not.toEqual(records[0]);
});

test('ids of records differ, and no two sessions of a robot overlap', () => {
  expect(new Set(records.map(({ record }) => record.id)).size).toBe(records.length);
  const ends = new Map<string, number>();
  const overlapping = records.filter(({ record }) => {
    const before = ends.get(record.robot) ?? 0;
    ends.set(record.robot, record.end);
    return record.start < before;
  });
  expect(overlapping).toEqual([]);
});

test('lessons are on school days only, none in the holidays', () => {
  const [holiday] = term.holidays;
  expect(holiday).toEqual({ from: '2026-10-19', to: '2026-10-25' });
  const dates = lessons.map(({ start }) => new Date(start).toISOString().slice(0, 10));
  expect(dates.filter((date) => date >= '2026-10-19' && date <= '2026-10-25')).toEqual([]);
  expect(lessons.filter(({ start }) => [0, 6].includes(new Date(start).getUTCDay()))).toEqual([]);
  expect(lessons.every(({ end }) => end < asOf)).toBe(true);
});

test('most lessons are late in the morning, by the clock of the school in summer and winter', () => {
  const hours = new Map<string, number>();
  const format = new Intl.DateTimeFormat('nl', { hour: '2-digit', timeZone: TERM.zone });
  for (const { start } of lessons)
    hours.set(format.format(start), (hours.get(format.format(start)) ?? 0) + 1);
  const [busiest] = [...hours].sort((a, b) => b[1] - a[1]);
  expect(['10', '11']).toContain(busiest?.[0]);
  expect([...hours.keys()].sort()).toEqual(['08', '09', '10', '11', '12', '13']);
});

test('pupils go forward, and some back', () => {
  const steps = phases.flatMap((one, index) => {
    const before = phases[index - 1];
    return before?.assignment === one.assignment ? [one.phase - before.phase] : [];
  });
  expect(steps.every((step) => Math.abs(step) === 1)).toBe(true);
  const back = steps.filter((step) => step < 0).length;
  expect(back).toBeGreaterThan(0);
  expect(back).toBeLessThan(steps.length / 2);
});

test('a term has what reports must show: every end, every band, unused robots, a failing battery', () => {
  const { figures } = whole.total;
  expect(SESSION_ENDS.filter((end) => figures.ends[end] === 0)).toEqual([]);
  expect(Object.values(figures.bands).every((count) => count > 0)).toBe(true);
  expect(figures.share).toBeGreaterThan(0.6);
  expect(figures.share).toBeLessThan(0.95);
  const unused = whole.robots.filter((row) => row.figures.sessions === 0);
  expect(unused.length).toBeGreaterThan(0);
  const empty = (from: number) =>
    reportOf(from, 28).robots.find(({ name }) => name === 'norra-02')?.figures.ends.batteryEmpty;
  expect(empty(MONDAY)).toBe(0);
  expect(empty(MONDAY + 84)).toBeGreaterThan(3);
  const last = reportOf(MONDAY + 84, 28).robots.find(({ name }) => name === 'norra-04');
  expect([last?.figures.sessions, (last?.figures.lessons ?? 0) > 0]).toEqual([0, true]);
});

test('schools are of several sizes, one of them small', () => {
  const sizes = term.schools.map((school) => robots.filter((one) => one.school === school).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(30);
  expect(Math.min(...sizes)).toBeLessThan(5);
});

test.each([
  [{ robots: 2 }, /robots: expected an integer of 4\.\.100000, got 2/],
  [{ seed: 0.5 }, /seed: expected an integer/],
  [{ weeks: 0 }, /weeks: expected an integer of 1\.\.60, got 0/],
  [{ firstMonday: '2026-08-25' }, /firstMonday: expected the date of a Monday/],
  [{ holidays: [{ from: 'autumn', to: '2026-10-25' }] }, /holidays: .*got "autumn"/],
  [{ zone: 'Mars/Base' }, /time zone/],
])('bad request %j says which field', (change, message) => {
  expect(() => plausibleTerm({ ...TERM, ...change })).toThrow(message);
});
