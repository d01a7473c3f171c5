import { expect, test } from 'vitest';
import { LocalCalendar } from './calendar.ts';
import { bandOf } from './tally.ts';
import { usage } from './testing/usage.ts';
import type { PlannedLesson, UsageInput } from './usage-input.ts';
import { usageReport } from './usage-report.ts';

const calendar = new LocalCalendar('Europe/Amsterdam');
const at = (text: string): number => Date.parse(text);
const MINUTE = 60_000;
const robots = [{ robot: 'robot-1', school: 'norra' }];
const asOf = at('2026-06-01T00:00Z');

const input = (parts: Partial<UsageInput>): UsageInput => ({
  ...{ records: [], lessons: [], phases: [], robots, asOf },
  ...parts,
});
const day = (from: string, days = 1) => calendar.days(calendar.dayOf(at(from)), days);
const report = (parts: Partial<UsageInput>, window = day('2026-03-25T12:00Z')) =>
  usageReport(input(parts), { window, calendar }).total;
const session = (start: string, minutes: number, more = {}) =>
  usage({ start: at(start), end: at(start) + minutes * MINUTE, ...more });
const lesson = (start: string, minutes: number, more = {}): PlannedLesson => ({
  ...{ robot: 'robot-1', assignment: 'a1', school: 'norra' },
  ...{ start: at(start), end: at(start) + minutes * MINUTE },
  ...more,
});

test.each([
  [95, 'green'],
  [94.99, 'yellow'],
  [80, 'yellow'],
  [79.99, 'orange'],
  [50, 'orange'],
  [49.99, 'red'],
  [0, 'red'],
])('%f of 100 minutes is %s', (attended, band) => expect(bandOf(attended, 100)).toBe(band));

test('38 of 40 minutes is green, and a lesson of no minutes has no band', () => {
  expect([bandOf(38, 40), bandOf(0, 0)]).toEqual(['green', null]);
});

test('a session over midnight is divided between the days; how it ended belongs to the first', () => {
  const records = [session('2026-03-25T22:30Z', 60, { why: 'lost', pauses: 2 })];
  const first = report({ records }).figures;
  const second = report({ records }, day('2026-03-26T12:00Z')).figures;
  expect([first.minutes, first.sessions, first.ends.lost, first.pauses]).toEqual([30, 1, 1, 2]);
  expect([second.minutes, second.sessions, second.ends.lost, second.pauses]).toEqual([30, 0, 0, 0]);
});

test('local days are 23 and 25 hours long when the clock changes', () => {
  const hours = ({ from, to }: { from: number; to: number }) => (to - from) / 3_600_000;
  expect(hours(day('2026-03-29T12:00Z'))).toBe(23);
  expect(hours(day('2026-10-25T12:00Z'))).toBe(25);
  const week = day('2026-03-29T12:00Z', 7);
  expect(hours(calendar.previous(week))).toBe(168);
  expect(calendar.previous(day('2026-03-30T12:00Z'))).toEqual(day('2026-03-29T12:00Z'));
  const records = [session('2026-03-29T00:30Z', 60)];
  expect(report({ records }, day('2026-03-29T12:00Z')).figures.hours).toBe(1);
});

test('a day whose midnight is skipped begins at one', () => {
  const beirut = new LocalCalendar('Asia/Beirut');
  const { from } = beirut.days(beirut.dayOf(at('2026-03-29T12:00Z')), 1);
  expect(new Date(from).toISOString()).toBe('2026-03-28T22:00:00.000Z');
});

test('an unknown time zone says what was expected', () => {
  expect(() => new LocalCalendar('Mars/Base')).toThrow(/expected an IANA name.*Mars\/Base/);
});

test('a record of a robot that did not know the time counts in hours, never in a lesson', () => {
  const clock = { boot: 'b', monotonicMs: 0, trust: 'none', source: 'system' };
  const stored = session('2026-03-25T09:00Z', 50, { clock });
  const lessons = [lesson('2026-03-25T09:00Z', 50)];
  const { figures, lastUsed } = report({ records: [stored], lessons });
  expect([figures.hours, figures.undatedSessions, figures.attendedMinutes]).toEqual([
    50 / 60,
    1,
    0,
  ]);
  expect(lastUsed).toBeNull();
  const late = { ...stored, receivedAt: at('2026-03-27T09:00Z') };
  expect(report({ records: [late] }).figures.sessions).toBe(0);
  expect(report({ records: [late] }, day('2026-03-27T12:00Z')).figures.undatedHours).toBe(50 / 60);
});

test('a record that came twice counts once', () => {
  const stored = session('2026-03-25T09:00Z', 50);
  expect(report({ records: [stored, stored] }).figures.sessions).toBe(1);
});

test('several sessions in one lesson, overlapping ones too, add up to the lesson at most', () => {
  const lessons = [lesson('2026-03-25T09:00Z', 50)];
  const records = [
    session('2026-03-25T08:55Z', 15),
    session('2026-03-25T09:05Z', 15),
    session('2026-03-25T09:30Z', 60),
  ];
  const { figures } = report({ lessons, records });
  expect([figures.attendedMinutes, figures.plannedMinutes, figures.band]).toEqual([
    40,
    50,
    'yellow',
  ]);
  const all = [...records, session('2026-03-25T08:00Z', 120)];
  expect(report({ lessons, records: all }).figures.share).toBe(1);
});

test('one session covers two lessons; a lesson without a session is red', () => {
  const lessons = [
    lesson('2026-03-25T09:00Z', 50),
    lesson('2026-03-25T10:00Z', 50),
    lesson('2026-03-25T12:00Z', 50),
  ];
  const { figures } = report({ lessons, records: [session('2026-03-25T09:00Z', 110)] });
  expect(figures.bands).toEqual({ green: 2, yellow: 0, orange: 0, red: 1 });
  expect([figures.lessons, figures.lessonsVisited]).toEqual([3, 2]);
});

test('what the robot counted itself comes before the times of the session', () => {
  const lessons = [lesson('2026-03-25T09:00Z', 50, { lesson: 'math-1' })];
  const own = { lesson: 'math-1', plannedMinutes: 50, attendedMinutes: 30 };
  const records = [session('2026-03-25T09:00Z', 50, { lessons: [own] })];
  expect(report({ lessons, records }).figures.attendedMinutes).toBe(30);
  const more = [session('2026-03-25T09:00Z', 50, { lessons: [{ ...own, attendedMinutes: 99 }] })];
  expect(report({ lessons, records: more }).figures.attendedMinutes).toBe(50);
});

test('a lesson that is not over does not count yet, and a repeated one counts once', () => {
  const lessons = [lesson('2026-03-25T09:00Z', 50), lesson('2026-03-25T09:00Z', 50)];
  expect(report({ lessons }).figures.lessons).toBe(1);
  expect(report({ lessons, asOf: at('2026-03-25T09:30Z') }).figures.share).toBeNull();
});

test('change is against the window before', () => {
  const records = [session('2026-03-24T09:00Z', 60), session('2026-03-25T09:00Z', 90)];
  const row = report({ records });
  expect([row.change.hours, row.change.sessions, row.change.share]).toEqual([0.5, 0, null]);
  expect(row.lastUsed).toBe(at('2026-03-25T09:00Z'));
});

test('a robot that moved takes nothing along to its new school', () => {
  const since = at('2026-03-25T10:00Z');
  const moved = [...robots, { robot: 'robot-1', school: 'soder', since }];
  const records = [session('2026-03-25T09:00Z', 30), session('2026-03-25T11:00Z', 60)];
  const of = (school: string) => {
    const window = day('2026-03-25T12:00Z');
    return usageReport(input({ robots: moved, records }), { window, calendar, school }).total;
  };
  expect([of('norra').figures.minutes, of('soder').figures.minutes]).toEqual([30, 60]);
});

test('phase over time goes forward and back', () => {
  const lessons = [lesson('2026-03-23T09:00Z', 50), lesson('2026-03-30T09:00Z', 50)];
  const phases = [
    { assignment: 'a1', at: at('2026-03-20T00:00Z'), phase: 3 },
    { assignment: 'a1', at: at('2026-03-31T00:00Z'), phase: 2 },
  ];
  const window = day('2026-03-23T12:00Z', 14);
  const made = usageReport(input({ lessons, phases }), { window, calendar });
  expect(made.weeks.map((week) => week.phases.indexOf(1) + 1)).toEqual([3, 2]);
  expect(made.robots[0]?.phase).toBe(2);
});

test('latency is of minutes: the long session counts more than the short one', () => {
  const records = [
    session('2026-03-25T08:00Z', 90, { videoLatencyMs: { p50: 104, p95: 201 } }),
    session('2026-03-25T10:00Z', 10, { videoLatencyMs: { p50: 800, p95: 900 } }),
    session('2026-03-25T11:00Z', 10),
  ];
  expect(report({ records }).figures.latencyMs).toEqual({ p50: 110, p95: 910 });
});

test('an empty window is refused', () => {
  const window = { from: 5, to: 5 };
  expect(() => usageReport(input({}), { window, calendar })).toThrow(/expected from < to/);
});
