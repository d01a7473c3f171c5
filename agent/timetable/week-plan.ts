/**
 * A week plan as people type or paste it, one lesson a line:
 *
 *   mon 09:00-09:45 Maths
 *   tisdag 8.15 - 9.00 Svenska odd
 *   woe;13:00;13:50;Gym                 (from a table)
 *
 * Days in English, Dutch and Swedish, in full or short; times with a colon or a full stop; the word
 * odd / oneven / udda or even / jämn at the end, in brackets or not, for every other ISO week. Empty
 * lines and lines that begin with # do not count.
 */
import { type DayName, MAX_WEEK_LESSONS, WeekLesson } from '../wire/timetable.ts';

const MAX_PLAN_CHARS = 20_000;

export interface RowError {
  /** From 1. */
  readonly row: number;
  readonly field: 'day' | 'from' | 'to' | 'name' | 'row';
  /** What was expected. */
  readonly why: string;
}

export type WeekPlan =
  | { readonly ok: true; readonly week: readonly WeekLesson[] }
  /** All of them; nothing is applied. */
  | { readonly ok: false; readonly errors: readonly RowError[] };

const DAY_WORDS: Readonly<Record<DayName, readonly string[]>> = {
  mon: ['mon', 'monday', 'ma', 'maa', 'maandag', 'mån', 'man', 'måndag', 'mandag', 'må'],
  tue: ['tue', 'tues', 'tuesday', 'di', 'din', 'dinsdag', 'tis', 'tisdag', 'ti'],
  wed: ['wed', 'wednesday', 'wo', 'woe', 'woensdag', 'ons', 'onsdag', 'on'],
  thu: [
    'thu',
    'thur',
    'thurs',
    'thursday',
    'do',
    'don',
    'donderdag',
    'tor',
    'tors',
    'torsdag',
    'to',
  ],
  fri: ['fri', 'friday', 'vr', 'vri', 'vrij', 'vrijdag', 'fre', 'fredag', 'fr'],
  sat: ['sat', 'saturday', 'za', 'zat', 'zaterdag', 'lör', 'lor', 'lördag', 'lordag', 'lö'],
  sun: ['sun', 'sunday', 'zo', 'zon', 'zondag', 'sön', 'son', 'söndag', 'sondag', 'sö'],
};
const DAY_OF: ReadonlyMap<string, DayName> = new Map(
  (Object.entries(DAY_WORDS) as [DayName, readonly string[]][]).flatMap(([day, words]) =>
    words.map((word) => [word, day] as const),
  ),
);
const WEEKS: ReadonlyMap<string, 'odd' | 'even'> = new Map([
  ...['odd', 'oneven', 'udda'].map((word) => [word, 'odd'] as const),
  ...['even', 'jämn', 'jamn', 'jämna', 'jamna'].map((word) => [word, 'even'] as const),
]);

export function parseWeekPlan(text: string): WeekPlan {
  if (text.length > MAX_PLAN_CHARS)
    return {
      ok: false,
      errors: [error(1, 'row', `expected at most ${MAX_PLAN_CHARS} characters`)],
    };
  const week: WeekLesson[] = [];
  const errors: RowError[] = [];
  const rows = text
    .normalize('NFC')
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/);
  for (const [at, line] of rows.entries()) {
    const row = line.trim();
    if (row === '' || row.startsWith('#')) continue;
    const parsed = parseRow(row, at + 1);
    if ('why' in parsed) errors.push(parsed);
    else week.push(parsed);
    if (week.length > MAX_WEEK_LESSONS) {
      errors.push(error(at + 1, 'row', `expected at most ${MAX_WEEK_LESSONS} lessons`));
      break;
    }
  }
  if (errors.length > 0) return { ok: false, errors };
  if (week.length > 0) return { ok: true, week };
  return { ok: false, errors: [error(1, 'row', 'expected a lesson, as: mon 09:00-09:45 Maths')] };
}

/** The same text again, in English: what `parseWeekPlan` reads as the same plan. */
export function formatWeekPlan(week: readonly WeekLesson[]): string {
  return week
    .map(({ day, from, to, name = '', weeks }) =>
      [`${day} ${from}-${to}`, name, weeks && `(${weeks})`].filter(Boolean).join(' '),
    )
    .join('\n');
}

/** One line of plain words for an error. */
export function rowErrorText({ row, field, why }: RowError): string {
  return `row ${row}, ${field}: ${why}`;
}

function parseRow(line: string, row: number): WeekLesson | RowError {
  const cells = line.split(/[\s;,\t]+/).filter((cell) => cell !== '');
  const dayWord = (cells[0] ?? '').toLowerCase().replace(/[.:]$/, '');
  const day = DAY_OF.get(dayWord);
  if (!day) return error(row, 'day', `expected a day, as mon, ma or mån; got "${short(dayWord)}"`);
  // After the day: the times, with any of the usual separators between and around.
  const rest = line.slice(line.indexOf(cells[0] ?? '') + (cells[0] ?? '').length);
  const [, first = '', afterFirst = ''] = /^[\s;,\t]*([\d:.]*)(.*)$/su.exec(rest) ?? [];
  const from = timeOf(first);
  if (!from) return error(row, 'from', `expected a time, as 09:00; got "${short(first || rest)}"`);
  const [, second = '', afterSecond = ''] =
    /^[\s;,\t]*[-–—]?[\s;,\t]*([\d:.]*)(.*)$/su.exec(afterFirst) ?? [];
  const to = timeOf(second);
  if (!to)
    return error(row, 'to', `expected a time, as 09:45; got "${short(second || afterFirst)}"`);
  if (to <= from) return error(row, 'to', `expected a time after ${from}; got "${to}"`);
  const { name, weeks } = nameAndWeeks(afterSecond);
  const lesson = { day, from, to, ...(name !== '' && { name }), ...(weeks && { weeks }) };
  const parsed = WeekLesson.safeParse(lesson);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path[0] === 'name' ? 'name' : issue?.path[0] === 'from' ? 'from' : 'to';
  return error(row, field, issue?.message ?? 'unreadable');
}

function nameAndWeeks(text: string): { name: string; weeks: 'odd' | 'even' | undefined } {
  const trimmed = text.replace(/^[\s;,\t]+|[\s;,\t]+$/gu, '').replace(/^"(.*)"$/su, '$1');
  const [, before = '', word = ''] = /^(?:(.*)[\s;,\t])?\(?([^\s;,()]+)\)?$/su.exec(trimmed) ?? [];
  const weeks = WEEKS.get(word.toLowerCase());
  const name = weeks ? before : trimmed;
  return { name: name.replace(/[\s;,\t"]+$/u, '').replace(/^"/, ''), weeks };
}

/** `9:00`, `09.00` and `0900` are 09:00. */
function timeOf(text: string): string | undefined {
  const [, hours = '', minutes = ''] = /^(\d{1,2})[:.]?(\d\d)$/.exec(text) ?? [];
  return hours === '' ? undefined : `${hours.padStart(2, '0')}:${minutes}`;
}

const short = (text: string): string => text.trim().slice(0, 20);

const error = (row: number, field: RowError['field'], why: string): RowError => ({
  row,
  field,
  why,
});
