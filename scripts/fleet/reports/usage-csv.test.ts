import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { LocalCalendar } from './calendar.ts';
import { aboveSchool, closeWeek } from './small-groups.ts';
import { usage } from './testing/usage.ts';
import { aboveSchoolCsv, schoolCsv } from './usage-csv.ts';
import { usageReport } from './usage-report.ts';

const calendar = new LocalCalendar('Europe/Amsterdam');
const MONDAY = calendar.dayOf(Date.parse('2026-03-23T12:00Z'));
const window = calendar.days(MONDAY, 7);
const NINE = Date.parse('2026-03-25T08:00Z');
const MINUTE = 60_000;

const robots = Array.from({ length: 6 }, (_, n) => ({ robot: `r${n}`, school: 'norra' }));
const lessons = robots.slice(0, 5).map(({ robot, school }) => ({
  ...{ robot, school, assignment: `of-${robot}`, start: NINE, end: NINE + 50 * MINUTE },
}));
const records = robots
  .slice(0, 5)
  .map(({ robot }) =>
    usage({ robot, start: NINE, end: NINE + 45 * MINUTE, lossRatio: { p50: 0.0012, p95: 0.02 } }),
  );
const input = { records, lessons, robots, phases: [], asOf: Date.parse('2026-06-01T00:00Z') };
const report = usageReport(input, { window, calendar, school: 'norra' });
const closed = closeWeek(input, calendar, MONDAY);
if (!closed.ok) throw new Error(closed.reason);
const above = aboveSchool([closed.week], { from: '2026-03-23', to: '2026-03-30' });
if (!above.ok) throw new Error(above.reason);

const read = (text: string, delimiter = ','): Record<string, string>[] =>
  parse(text, { columns: true, bom: true, delimiter });

test('a school gets a row for each robot and one for itself', () => {
  const rows = read(schoolCsv(report));
  expect(rows.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    ...robots.map(({ robot }) => `robot ${robot}`),
    'school norra',
  ]);
  expect(rows[0]).toMatchObject({
    ...{ pupils: '1', last_used: '2026-03-25T08:00:00.000Z', change_hours: '0.75' },
    ...{ hours: '0.75', sessions: '1', planned_minutes: '50', attended_minutes: '45' },
    ...{ attended_share: '0.9', band: 'yellow', lessons_yellow: '1', lessons_red: '0' },
    ...{ latency_p50_ms: '', loss_p50: '0.002', loss_p95: '0.021', ended_hangUp: '1' },
  });
});

test('a robot that did nothing has empty fields where nothing is known, zeros where it is', () => {
  expect(read(schoolCsv(report))[5]).toMatchObject({
    ...{ name: 'r5', last_used: '', attended_share: '', band: '', hours: '0', lessons: '0' },
  });
});

test('above a school there are schools and the fleet, never robots', () => {
  const rows = read(aboveSchoolCsv(above.report));
  expect(rows.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['school norra', 'fleet fleet']);
  expect(rows[1]).toMatchObject({ weeks: '1', pupils: '5', hours: '3.75', mean_phase: '' });
});

test('the spreadsheets of Dutch and Swedish read it', () => {
  const text = schoolCsv(report, { decimal: 'comma', byteOrderMark: true });
  expect(text.startsWith('\uFEFFkind;name;')).toBe(true);
  expect(read(text, ';')[0]).toMatchObject({ hours: '0,75', attended_share: '0,9' });
});

test('names of columns are stable: new ones come last', () => {
  const [school = '', all = ''] = [schoolCsv(report), aboveSchoolCsv(above.report)].map(
    (text) => text.split('\r\n')[0],
  );
  const figures =
    'hours,sessions,undated_hours,planned_minutes,attended_minutes,attended_share,band,lessons,' +
    'lessons_green,lessons_yellow,lessons_orange,lessons_red,latency_p50_ms,latency_p95_ms,' +
    'loss_p50,loss_p95,interruptions,pauses,hands_raised,hands_acknowledged,ended_hangUp,' +
    'ended_lost,ended_robotStopped,ended_revoked,ended_batteryEmpty,ended_tooHot,ended_powerLost';
  const change = 'change_hours,change_sessions';
  expect(school.startsWith(`kind,name,pupils,last_used,${change},${figures}`)).toBe(true);
  expect(all.startsWith(`kind,name,weeks,pupils,mean_phase,${figures}`)).toBe(true);
});

test('a name that a spreadsheet would run is text', () => {
  const evil = { ...report, robots: report.robots.map((row) => ({ ...row, name: '=1+1' })) };
  expect(read(schoolCsv(evil))[0]?.name).toBe("'=1+1");
});
