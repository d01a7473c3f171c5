/** The calendar of a made-up term: its school days and the lessons of a day. */
import { dayOfDate, type LocalCalendar } from '../reports/calendar.ts';

const MINUTE_MS = 60_000;

/** Both dates are YYYY-MM-DD and belong to the holiday. */
export interface Holiday {
  readonly from: string;
  readonly to: string;
}

/** A place in the week at which there may be a lesson. */
export interface Slot {
  /** 0 is Monday. */
  readonly weekday: number;
  readonly period: number;
}

/**
 * Lessons of a school day, minutes after local midnight. `weight`: how readily a plan takes it, so
 * that a fleet has the profile of a school day: most in the late morning, little after lunch.
 */
const PERIODS = [
  { start: 510, weight: 2 },
  { start: 560, weight: 4 },
  { start: 625, weight: 6 },
  { start: 675, weight: 5 },
  { start: 765, weight: 3 },
  { start: 815, weight: 1 },
] as const;
export const LESSON_MINUTES = 45;
const WEDNESDAY = 2;
const AFTERNOON = 4;

/** All slots of a week with their weights; there is no school on a Wednesday afternoon. */
export const SLOTS: readonly { readonly slot: Slot; readonly weight: number }[] = [
  0, 1, 2, 3, 4,
].flatMap((weekday) =>
  PERIODS.map(({ weight }, period) => ({ slot: { weekday, period }, weight })).filter(
    ({ slot }) => !(weekday === WEDNESDAY && slot.period >= AFTERNOON),
  ),
);

export class SchoolDays {
  private readonly free = new Set<number>();

  constructor(
    readonly calendar: LocalCalendar,
    readonly firstMonday: number,
    readonly weeks: number,
    holidays: readonly Holiday[],
  ) {
    for (const { from, to } of holidays) {
      for (let day = dayOf(from); day <= dayOf(to); day += 1) this.free.add(day);
    }
  }

  /** Monday to Friday without holidays, as days (calendar.ts). */
  all(): number[] {
    const days = Array.from({ length: this.weeks * 7 }, (_, n) => this.firstMonday + n);
    return days.filter((day) => this.isOpen(day));
  }

  isOpen(day: number): boolean {
    return this.weekdayOf(day) < 5 && !this.free.has(day);
  }

  weekdayOf(day: number): number {
    return (day - this.firstMonday) % 7;
  }

  /** Part of the term that is over on a day, 0..1. */
  progressOf(day: number): number {
    return Math.min(1, Math.max(0, (day - this.firstMonday) / (this.weeks * 7)));
  }

  lessonOf(day: number, period: number): { readonly start: number; readonly end: number } {
    const minutes = PERIODS[period]?.start ?? 0;
    // Clocks change at night, on days without school: minutes of the day are minutes of the clock.
    const start = this.calendar.startOf(day) + minutes * MINUTE_MS;
    return { start, end: start + LESSON_MINUTES * MINUTE_MS };
  }
}

function dayOf(date: string): number {
  const day = dayOfDate(date);
  if (day === undefined) throw new RangeError(`holidays: expected dates YYYY-MM-DD, got "${date}"`);
  return day;
}
