/**
 * A timetable: the lessons that a robot may wake for. Times are the school's wall-clock times, dates
 * are the school's days; daylight saving is applied where the timetable is used
 * (agent/timetable). Its compact form, for orders and QR codes: timetable-code.ts.
 */
import { z } from 'zod';
import { DocumentId } from './grant.ts';

/** Monday first, as in ISO 8601. */
export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type DayName = (typeof DAYS)[number];

/** The return to school, in six steps. A step back is as normal as a step forward. */
export const PHASES = {
  1: 'preparation',
  2: 'firstLessons',
  3: 'moreLessons',
  4: 'mixed',
  5: 'nowAndThen',
  6: 'fullReturn',
} as const;
export type Phase = keyof typeof PHASES;

export const MAX_WEEK_LESSONS = 120;
/** More than a school year of a full week plan. */
export const MAX_DATED_LESSONS = 1_600;
export const MAX_HOLIDAYS = 100;
/** Longest grace before and after a lesson, minutes. */
export const MAX_GRACE_MIN = 60;

/** `HH:MM`, 24 hours. `24:00` only ends a lesson. */
const Time = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'expected a time from 00:00 to 23:59, as 09:45');
const EndTime = z
  .string()
  .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'expected a time from 00:01 to 24:00, as 09:45');
/** `YYYY-MM-DD`, a day that exists, 2000 to 2199. */
export const CivilDate = z
  .string()
  .regex(/^2[01]\d\d-\d\d-\d\d$/, 'expected a date, as 2027-01-31')
  .refine(isDate, 'expected a day that exists');
/** In UTF-16 code units; without control characters, which could hide what a list shows. */
const Name = z
  .string()
  .max(60)
  .regex(/^\P{Cc}*$/u, 'expected no control characters');
/** An IANA time zone that this program's ICU knows. */
export const Zone = z
  .string()
  .max(60)
  .refine(isZone, 'expected an IANA time zone, as Europe/Amsterdam');

const clockTimes = { from: Time, to: EndTime };
const named = { name: Name.exactOptional() };

/** Each week, or each odd or even ISO week, between two dates (both included). */
export const WeekLesson = z
  .object({
    day: z.enum(DAYS),
    ...clockTimes,
    ...named,
    weeks: z.enum(['odd', 'even']).exactOptional(),
    validFrom: CivilDate.exactOptional(),
    validUntil: CivilDate.exactOptional(),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'expected a time after `from`' })
  .refine(inOrder('validFrom', 'validUntil'), {
    path: ['validUntil'],
    message: 'expected no date before `validFrom`',
  });
export type WeekLesson = z.infer<typeof WeekLesson>;

/** On one date. */
export const DatedLesson = z
  .object({ date: CivilDate, ...clockTimes, ...named })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'expected a time after `from`' });
export type DatedLesson = z.infer<typeof DatedLesson>;

/** Days without lessons, both included; only a teacher's allowance counts on them. */
export const Holiday = z
  .object({ from: CivilDate, until: CivilDate, ...named })
  .refine(inOrder('from', 'until'), {
    path: ['until'],
    message: 'expected no date before `from`',
  });
export type Holiday = z.infer<typeof Holiday>;

const grace = z.int().min(0).max(MAX_GRACE_MIN);

/** Fields that are not understood, as of a newer version, are kept. */
export const Timetable = z
  .looseObject({
    id: DocumentId,
    /** Grows with each change of this timetable. */
    version: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
    zone: Zone,
    phase: z.literal([1, 2, 3, 4, 5, 6]),
    /** First and last day on which it holds. */
    from: CivilDate.exactOptional(),
    until: CivilDate.exactOptional(),
    /** How long before and after a lesson the robot may be awake, minutes. */
    graceBeforeMin: grace,
    graceAfterMin: grace,
    week: z.array(WeekLesson).max(MAX_WEEK_LESSONS),
    dated: z.array(DatedLesson).max(MAX_DATED_LESSONS),
    holidays: z.array(Holiday).max(MAX_HOLIDAYS),
  })
  .refine(inOrder('from', 'until'), {
    path: ['until'],
    message: 'expected no date before `from`',
  });
export type Timetable = z.infer<typeof Timetable>;

/** A lesson outside the timetable, allowed by a teacher. Milliseconds since 1970. */
export const MAX_ALLOWANCE_MS = 12 * 3_600_000;
export const Allowance = z
  .looseObject({ id: DocumentId, from: z.int().nonnegative(), until: z.int().nonnegative() })
  .refine(({ from, until }) => until > from && until - from <= MAX_ALLOWANCE_MS, {
    path: ['until'],
    message: 'expected a time after `from`, at most 12 hours later',
  });
export type Allowance = z.infer<typeof Allowance>;

function isDate(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

function isZone(name: string): boolean {
  // Offsets such as +01:00, which ICU takes too, know no daylight saving.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Dates in this form compare as texts. */
function inOrder<A extends string, B extends string>(a: A, b: B) {
  return (value: { readonly [K in A | B]?: string }): boolean => {
    const [first, last] = [value[a], value[b]];
    return first === undefined || last === undefined || first <= last;
  };
}
