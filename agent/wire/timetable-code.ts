/**
 * The compact form of a timetable, a text for orders and QR codes: JSON with short keys. Times are
 * minutes of the day and lengths, dates count days from a first one, names are numbers in a list,
 * and fields at the end of a row are left out while they are 0.
 *
 *   {"t":1,"i":id,"v":version,"z":zone,"p":phase,"g":[before,after],"d":[base,from,until],"n":[names],
 *    "w":[[day,from,minutes,name,weeks,validFrom,validUntil]],"o":[[days,from,minutes,name]],
 *    "h":[[from,days,name]]}
 *
 * `d` and all dates count from 2000-01-01; 0 is none, since the base is day 1. `o` is sorted, each
 * date counts from the one before.
 */
import { z } from 'zod';
import { DAYS, type DatedLesson, type Holiday, Timetable, type WeekLesson } from './timetable.ts';

/** Longest compact form, UTF-8 bytes: it has to fit into an order. */
export const MAX_TIMETABLE_CODE_BYTES = 24_000;
const FORMAT = 1;
const DAY_MS = 86_400_000;
/** Counted from the base: 2199 and some. */
const LAST_DAY = 80_000;
const BASE_DAY = Date.UTC(2000, 0, 1) / DAY_MS - 1;

export type TimetableResult<T> =
  | { readonly ok: true; readonly value: T }
  /** `where`: the field, dotted; `why`: what was expected, and what to do. */
  | { readonly ok: false; readonly where: string; readonly why: string };

const whole = z.int().min(0).max(1_000_000);
const row = (max: number) => z.array(whole).min(3).max(max);
const Code = z.strictObject({
  t: z.int(),
  i: z.string().max(32),
  v: z.int(),
  z: z.string().max(60),
  p: z.int(),
  g: z.tuple([whole, whole]),
  d: z.tuple([whole, whole]).exactOptional(),
  n: z.array(z.string().max(60)).max(2_000).exactOptional(),
  w: z.array(row(7)).max(200).exactOptional(),
  o: z.array(row(4)).max(2_000).exactOptional(),
  h: z.array(z.array(whole).min(2).max(3)).max(200).exactOptional(),
});
type Code = z.infer<typeof Code>;

/** Refuses what is not a timetable, and one that is too long for an order. Unknown fields are left out. */
export function encodeTimetable(given: Timetable): TimetableResult<string> {
  const parsed = Timetable.safeParse(given);
  if (!parsed.success) return refusedBy(parsed.error);
  const text = JSON.stringify(codeOf(parsed.data));
  const bytes = new TextEncoder().encode(text).length;
  if (bytes <= MAX_TIMETABLE_CODE_BYTES) return { ok: true, value: text };
  const why = `expected at most ${MAX_TIMETABLE_CODE_BYTES} bytes, got ${bytes}: choose a shorter time, or a week plan`;
  return { ok: false, where: 'timetable', why };
}

/** Never throws, whatever `text` is. */
export function decodeTimetable(text: string): TimetableResult<Timetable> {
  if (text.length > MAX_TIMETABLE_CODE_BYTES)
    return refuse('timetable', `expected at most ${MAX_TIMETABLE_CODE_BYTES} characters`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse('timetable', 'expected the compact form of a timetable (JSON)');
  }
  const format = z.looseObject({ t: z.int() }).safeParse(json);
  if (format.success && format.data.t > FORMAT)
    return refuse('t', 'expected format 1: written by a newer version, update this one');
  const code = Code.safeParse(json);
  if (!code.success) return refusedBy(code.error);
  const timetable = Timetable.safeParse(timetableOf(code.data));
  return timetable.success ? { ok: true, value: timetable.data } : refusedBy(timetable.error);
}

/** `zod` numbers rows from 0. */
export function refusedBy({ issues: [issue] }: z.ZodError): {
  ok: false;
  where: string;
  why: string;
} {
  return refuse(issue?.path.join('.') || 'timetable', issue?.message ?? 'unreadable');
}

const refuse = (where: string, why: string) => ({ ok: false, where, why }) as const;

function codeOf(table: Timetable): Code {
  const names: string[] = [];
  const numbers = new Map<string, number>();
  const nameNumber = (name: string | undefined): number => {
    if (name === undefined) return 0;
    const known = numbers.get(name) ?? names.push(name);
    numbers.set(name, known);
    return known;
  };
  const week = table.week.map((lesson) => trimmed(weekRow(lesson, nameNumber(lesson.name)), 3));
  let before = 0;
  const dated = [...table.dated].sort(byStart).map(({ date, from, to, name }) => {
    const day = dayNumber(date);
    const cells = [day - before, minutes(from), minutes(to) - minutes(from), nameNumber(name)];
    before = day;
    return trimmed(cells, 3);
  });
  const holidays = table.holidays.map(({ from, until, name }) =>
    trimmed([dayNumber(from), dayNumber(until) - dayNumber(from), nameNumber(name)], 2),
  );
  const bounds: [number, number] = [dayNumber(table.from), dayNumber(table.until)];
  return {
    ...{ t: FORMAT, i: table.id, v: table.version, z: table.zone, p: table.phase },
    g: [table.graceBeforeMin, table.graceAfterMin],
    ...(bounds.some((day) => day > 0) && { d: bounds }),
    ...(names.length > 0 && { n: names }),
    ...(week.length > 0 && { w: week }),
    ...(dated.length > 0 && { o: dated }),
    ...(holidays.length > 0 && { h: holidays }),
  };
}

function weekRow(lesson: WeekLesson, name: number): number[] {
  const { day, from, to, weeks, validFrom, validUntil } = lesson;
  const parity = weeks === undefined ? 0 : weeks === 'odd' ? 1 : 2;
  const times = [DAYS.indexOf(day), minutes(from), minutes(to) - minutes(from)];
  return [...times, name, parity, dayNumber(validFrom), dayNumber(validUntil)];
}

/** Still unproven: the caller parses it. */
function timetableOf(code: Code): unknown {
  const { d: [from = 0, until = 0] = [], n: names = [] } = code;
  // A number without a name is not left out silently.
  const nameOf = (number = 0) => (number === 0 ? {} : { name: names[number - 1] ?? null });
  let before = 0;
  return {
    ...{ id: code.i, version: code.v, zone: code.z, phase: code.p },
    ...{ graceBeforeMin: code.g[0], graceAfterMin: code.g[1] },
    ...dateField('from', from),
    ...dateField('until', until),
    week: (code.w ?? []).map(([day = 0, start = 0, length = 0, name, parity = 0, first, last]) => ({
      ...{ day: DAYS[day], ...times(start, length), ...nameOf(name) },
      ...(parity !== 0 && { weeks: [undefined, 'odd', 'even'][parity] ?? null }),
      ...dateField('validFrom', first),
      ...dateField('validUntil', last),
    })),
    dated: (code.o ?? []).map(([days = 0, start = 0, length = 0, name]) => {
      before += days;
      return { date: dateOf(before), ...times(start, length), ...nameOf(name) };
    }),
    holidays: (code.h ?? []).map(([first = 0, days = 0, name]) => ({
      ...{ from: dateOf(first), until: dateOf(first + days), ...nameOf(name) },
    })) satisfies readonly { [K in keyof Holiday]: unknown }[],
  };
}

function trimmed(cells: readonly number[], least: number): number[] {
  const last = cells.findLastIndex((cell) => cell !== 0);
  return cells.slice(0, Math.max(least, last + 1));
}

function byStart(a: DatedLesson, b: DatedLesson): number {
  return compare(a.date, b.date) || compare(a.from, b.from) || compare(a.to, b.to);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

const times = (start: number, length: number) => ({
  from: clock(start),
  to: clock(start + length),
});

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** 1 is 2000-01-01; 0 without a date. */
function dayNumber(date: string | undefined): number {
  return date === undefined ? 0 : Date.parse(`${date}T00:00:00Z`) / DAY_MS - BASE_DAY;
}

function dateOf(day: number): string {
  // Beyond what a Date holds; no date, so it is refused.
  if (day > LAST_DAY) return '';
  return new Date((day + BASE_DAY) * DAY_MS).toISOString().slice(0, 10);
}

function dateField(field: string, day = 0): Record<string, string> {
  return day === 0 ? {} : { [field]: dateOf(day) };
}
