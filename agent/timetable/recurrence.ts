/**
 * Days of a recurrence rule (RFC 5545, 3.3.10), found by asking each day of a bounded span whether
 * the rule has it: no rule, however odd, takes longer than that.
 */
import { z } from 'zod';
import { dayOf, weekdayOf } from './civil.ts';

const DAY_MS = 86_400_000;
/** Of a rule that is counted from its first day. */
const MAX_SPAN_DAYS = 5 * 366;
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

const list = <T extends z.ZodType>(one: T) =>
  z.union([one.transform((value) => [value]), z.array(one).max(366)]) as z.ZodType<z.output<T>[]>;

/** As ical.js writes it. Strict: a part that is ignored would add lessons that nobody planned. */
export const Rule = z.strictObject({
  freq: z.enum(['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'], {
    error: 'expected FREQ=DAILY, WEEKLY, MONTHLY or YEARLY: lessons do not repeat within a day',
  }),
  interval: z.int().min(1).max(1_000).exactOptional(),
  count: z.int().min(1).exactOptional(),
  until: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ?)?$/, 'expected a date or date-time')
    .exactOptional(),
  byday: list(z.string().regex(/^[+-]?\d{0,2}(?:MO|TU|WE|TH|FR|SA|SU)$/)).exactOptional(),
  bymonthday: list(z.int().min(-31).max(31)).exactOptional(),
  bymonth: list(z.int().min(1).max(12)).exactOptional(),
  /** 1 is Sunday. */
  wkst: z.int().min(1).max(7).exactOptional(),
});
export type Rule = z.infer<typeof Rule>;

/**
 * Days of the rule from `firstDay` (its start, which always counts as the first) to `lastDay`.
 * `isAfter`: whether the rule's UNTIL is before that day's event. Undefined: the start is too long
 * ago to count from.
 */
export function daysOfRule(
  rule: Rule,
  firstDay: number,
  { from, until }: { readonly from: number; readonly until: number },
  isAfter: (day: number) => boolean,
): number[] | undefined {
  if (rule.count !== undefined && until - firstDay > MAX_SPAN_DAYS) return undefined;
  const first = rule.count === undefined ? Math.max(firstDay, from) : firstDay;
  const days: number[] = [];
  let count = 0;
  for (let day = first; day <= until; day++) {
    if (day !== firstDay && !has(rule, firstDay, day)) continue;
    if (isAfter(day)) break;
    if (day >= from) days.push(day);
    count += 1;
    if (rule.count !== undefined && count >= rule.count) break;
  }
  return days;
}

interface Civil {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly date: number;
}

function civil(day: number): Civil {
  const at = new Date(day * DAY_MS);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, date: at.getUTCDate() };
}

function has(rule: Rule, firstDay: number, day: number): boolean {
  const [first, now] = [civil(firstDay), civil(day)];
  const { bymonth, bymonthday, byday } = rule;
  if (bymonth && !bymonth.includes(now.month)) return false;
  if (periods(rule, firstDay, day, first, now) % (rule.interval ?? 1) !== 0) return false;
  if (bymonthday && !bymonthday.some((date) => isMonthDay(date, now))) return false;
  if (byday) return byday.some((word) => isByDay(word, rule, day, now));
  if (bymonthday) return true;
  switch (rule.freq) {
    case 'DAILY':
      return true;
    case 'WEEKLY':
      return weekdayOf(day) === weekdayOf(firstDay);
    case 'MONTHLY':
      return now.date === first.date;
    case 'YEARLY':
      return now.date === first.date && (bymonth !== undefined || now.month === first.month);
  }
}

/** How many days, weeks, months or years after the first one. */
function periods(
  { freq, wkst }: Rule,
  firstDay: number,
  day: number,
  first: Civil,
  now: Civil,
): number {
  // Monday is 0 here and 2 in the rule.
  const start = ((wkst ?? 2) + 5) % 7;
  const week = (at: number): number => at - ((weekdayOf(at) - start + 7) % 7);
  switch (freq) {
    case 'DAILY':
      return day - firstDay;
    case 'WEEKLY':
      return (week(day) - week(firstDay)) / 7;
    case 'MONTHLY':
      return (now.year - first.year) * 12 + now.month - first.month;
    case 'YEARLY':
      return now.year - first.year;
  }
}

function isMonthDay(wanted: number, { year, month, date }: Civil): boolean {
  return wanted > 0 ? date === wanted : date === monthLength(year, month) + wanted + 1;
}

/** `MO`, or the n-th of the month (of the year, in a yearly rule without months): `2MO`, `-1FR`. */
function isByDay(
  word: string,
  { freq, bymonth }: Rule,
  day: number,
  { year, month, date }: Civil,
): boolean {
  if (WEEKDAYS[weekdayOf(day)] !== word.slice(-2)) return false;
  const nth = Number(word.slice(0, -2));
  if (nth === 0 || freq === 'DAILY' || freq === 'WEEKLY') return true;
  const yearly = freq === 'YEARLY' && !bymonth;
  const place = yearly ? day - dayOf(`${year}-01-01`) + 1 : date;
  const length = yearly
    ? dayOf(`${year + 1}-01-01`) - dayOf(`${year}-01-01`)
    : monthLength(year, month);
  return nth > 0 ? Math.ceil(place / 7) === nth : Math.ceil((length - place + 1) / 7) === -nth;
}

const monthLength = (year: number, month: number): number =>
  new Date(Date.UTC(year, month, 0)).getUTCDate();
