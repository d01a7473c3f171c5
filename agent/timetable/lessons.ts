/** The lessons of a timetable at real times: daylight saving, odd and even weeks, holidays. Pure. */
import type { Allowance, Timetable, WeekLesson } from '../wire/timetable.ts';
import { dayNameOf, dayOf, isoWeekOf, minuteOf } from './civil.ts';
import { ZoneTime } from './zone-time.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** How far ahead a next lesson is looked for: over the summer, and a year's break. */
const AHEAD_DAYS = 400;
/** Longest span that lessons are listed for. */
export const MAX_SPAN_MS = 800 * DAY_MS;

/** One lesson. Milliseconds since 1970; `until` is after it. */
export interface Lesson {
  readonly from: number;
  readonly until: number;
  readonly name?: string;
  /** Planned, or a teacher's allowance, with its id. */
  readonly allowed?: string;
}

/** A span in which the robot may be awake: lessons with their grace, merged where they touch. */
export interface WakeWindow {
  readonly from: number;
  readonly until: number;
  /** By start; at least one. */
  readonly lessons: readonly Lesson[];
}

interface DaySpan {
  readonly from: number;
  readonly to: number;
  readonly name?: string;
}

export class Lessons {
  readonly zone: ZoneTime;
  private readonly dated = new Map<number, DaySpan[]>();
  private readonly holidays: readonly { first: number; last: number; name?: string }[];
  private readonly first: number;
  private readonly last: number;
  /** By day of the week. */
  private readonly week: ReadonlyMap<string, readonly WeekLesson[]>;

  /** `zone`: one that several timetables share; it must be the timetable's. */
  constructor(
    readonly timetable: Timetable,
    private readonly allowances: readonly Allowance[] = [],
    zone = new ZoneTime(timetable.zone),
  ) {
    if (zone.zone !== timetable.zone) throw new RangeError(`zone: expected ${timetable.zone}`);
    this.zone = zone;
    this.week = groupedByDay(timetable.week);
    for (const { date, from, to, name } of timetable.dated) {
      const day = dayOf(date);
      const spans = this.dated.get(day) ?? [];
      spans.push({ from: minuteOf(from), to: minuteOf(to), ...(name !== undefined && { name }) });
      this.dated.set(day, spans);
    }
    this.holidays = timetable.holidays.map(({ from, until, name }) => ({
      ...{ first: dayOf(from), last: dayOf(until), ...(name !== undefined && { name }) },
    }));
    this.first = timetable.from === undefined ? Number.NEGATIVE_INFINITY : dayOf(timetable.from);
    this.last = timetable.until === undefined ? Number.POSITIVE_INFINITY : dayOf(timetable.until);
  }

  /** The lesson at this moment, without grace; of several, the one that began first. */
  lessonAt(wallMs: number): Lesson | undefined {
    return this.lessonsBetween(wallMs, wallMs + 1)[0];
  }

  /** The first lesson that begins after this moment, within 400 days. */
  nextLesson(wallMs: number): Lesson | undefined {
    const { day } = this.zone.localOf(wallMs);
    let next = this.allowances
      .filter(({ from }) => from > wallMs)
      .map(allowedLesson)
      .sort(byStart)[0];
    const end = Math.min(day + AHEAD_DAYS, this.last);
    for (let at = Math.max(day, this.first); at <= end; at++) {
      const found = this.plannedOn(at).find(({ from }) => from > wallMs);
      if (!found) continue;
      if (!next || found.from < next.from) next = found;
      break;
    }
    return next;
  }

  /** All lessons that overlap [`fromMs`, `untilMs`), by start. Throws RangeError over 800 days. */
  lessonsBetween(fromMs: number, untilMs: number): Lesson[] {
    if (!(untilMs - fromMs <= MAX_SPAN_MS)) throw new RangeError('expected at most 800 days');
    const found = this.allowances.map(allowedLesson);
    // A lesson may begin on the day before, by the zone's clock.
    const first = Math.max(this.zone.localOf(fromMs).day - 1, this.first);
    const last = Math.min(this.zone.localOf(untilMs).day, this.last);
    for (let day = first; day <= last; day++) found.push(...this.plannedOn(day));
    return found.filter(({ from, until }) => from < untilMs && until > fromMs).sort(byStart);
  }

  /**
   * Minutes of lessons in [`fromMs`, `untilMs`), for accounting: each lesson counts, also two at
   * the same time, without grace, and only its part inside.
   */
  plannedMinutes(fromMs: number, untilMs: number): number {
    const inside = ({ from, until }: Lesson): number =>
      Math.min(until, untilMs) - Math.max(from, fromMs);
    const ms = this.lessonsBetween(fromMs, untilMs).reduce((sum, one) => sum + inside(one), 0);
    return ms / MINUTE_MS;
  }

  /** The span of wakefulness that this moment is in. */
  windowAt(wallMs: number): WakeWindow | undefined {
    return this.windowsBetween(wallMs - DAY_MS, wallMs + 2 * DAY_MS).find(
      ({ from, until }) => from <= wallMs && wallMs < until,
    );
  }

  /** The holiday of this moment's day. */
  holidayAt(wallMs: number): { readonly name?: string } | undefined {
    return this.holidayOn(this.zone.localOf(wallMs).day);
  }

  private windowsBetween(fromMs: number, untilMs: number): WakeWindow[] {
    const { graceBeforeMin, graceAfterMin } = this.timetable;
    const windows: { from: number; until: number; lessons: Lesson[] }[] = [];
    for (const lesson of this.lessonsBetween(fromMs, untilMs)) {
      const from = lesson.from - graceBeforeMin * MINUTE_MS;
      const until = lesson.until + graceAfterMin * MINUTE_MS;
      const last = windows.at(-1);
      if (last && from <= last.until) {
        last.until = Math.max(last.until, until);
        last.lessons.push(lesson);
      } else windows.push({ from, until, lessons: [lesson] });
    }
    return windows;
  }

  private holidayOn(day: number): { readonly name?: string } | undefined {
    return this.holidays.find(({ first, last }) => first <= day && day <= last);
  }

  private plannedOn(day: number): Lesson[] {
    if (day < this.first || day > this.last) return [];
    const weekly = this.week.get(dayNameOf(day)) ?? [];
    const dated = this.dated.get(day) ?? [];
    if ((weekly.length === 0 && dated.length === 0) || this.holidayOn(day)) return [];
    const held = weekly.filter((lesson) => isHeld(lesson, day)).map(spanOf);
    return [...held, ...dated]
      .map(({ from, to, ...rest }) => ({
        from: this.zone.instantOf(day, from),
        until: this.zone.instantOf(day, to),
        ...rest,
      }))
      .filter(({ from, until }) => until > from)
      .sort(byStart);
  }
}

const allowedLesson = ({ id, from, until }: Allowance): Lesson => ({ from, until, allowed: id });

function spanOf({ from, to, name }: WeekLesson): DaySpan {
  return { from: minuteOf(from), to: minuteOf(to), ...(name !== undefined && { name }) };
}

function isHeld({ weeks, validFrom, validUntil }: WeekLesson, day: number): boolean {
  if (validFrom !== undefined && day < dayOf(validFrom)) return false;
  if (validUntil !== undefined && day > dayOf(validUntil)) return false;
  return weeks === undefined || weeks === (isoWeekOf(day) % 2 === 0 ? 'even' : 'odd');
}

function groupedByDay(week: readonly WeekLesson[]): Map<string, WeekLesson[]> {
  const days = new Map<string, WeekLesson[]>();
  for (const lesson of week) days.set(lesson.day, [...(days.get(lesson.day) ?? []), lesson]);
  return days;
}

const byStart = (a: Lesson, b: Lesson): number => a.from - b.from || a.until - b.until;
