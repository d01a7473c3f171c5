/**
 * Lessons and holidays from an iCalendar file (RFC 5545), as school systems and calendars export
 * it. Whole or not at all: any event that is not understood refuses the file, with its line.
 *
 * - Timed events are lessons; repeated ones are written out within the timetable's dates.
 * - All-day events are holidays if their name or category says so; others are left out with a note.
 * - Cancelled events, and cancelled occurrences, are no lessons.
 * - Times without a zone are the calendar's (X-WR-TIMEZONE), otherwise the school's.
 */
import {
  type DatedLesson,
  type Holiday,
  MAX_DATED_LESSONS,
  MAX_HOLIDAYS,
  Timetable,
} from '../wire/timetable.ts';
import { type CalendarIssue, calendarBlocks } from './calendar-blocks.ts';
import { type At, type CalendarEvent, instantOf, issueIn, readEvent } from './calendar-event.ts';
import { CalendarZones } from './calendar-zones.ts';
import { dateOf, dayOf, timeOf } from './civil.ts';
import { daysOfRule } from './recurrence.ts';
import { ZoneTime } from './zone-time.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
/** Longest time that is written out: a school year. */
const MAX_HORIZON_DAYS = 400;
/** Errors and notes that are returned. */
const MAX_ISSUES = 20;

/** Words of days without lessons, in English, Dutch and Swedish. */
const HOLIDAY =
  /holiday|vacation|\bbreak\b|day off|no school|inset day|vakantie|feestdag|studiedag|lesvrij|\bvrij(e dag)?\b|lov(dag)?\b|lovvecka|\bledigt?\b|studiedag|röd dag|helgdag|skolfri/i;

/** What the calendar does not say. It holds from `from` to `until`, at most 400 days later. */
export type CalendarBase = Pick<
  Timetable,
  'id' | 'version' | 'zone' | 'phase' | 'graceBeforeMin' | 'graceAfterMin'
> & { readonly from: string; readonly until: string };

export type CalendarResult =
  /** `notes`: what was left out, and why. */
  | { readonly ok: true; readonly timetable: Timetable; readonly notes: readonly CalendarIssue[] }
  | { readonly ok: false; readonly errors: readonly CalendarIssue[] };

/** Never throws for what is in the file; RangeError for an unknown zone or a horizon that is none. */
export function readCalendar(file: Uint8Array | string, base: CalendarBase): CalendarResult {
  const horizon = { from: dayOf(base.from), until: dayOf(base.until) };
  if (!(horizon.until >= horizon.from && horizon.until - horizon.from <= MAX_HORIZON_DAYS))
    throw new RangeError(`until: expected a date at most ${MAX_HORIZON_DAYS} days after from`);
  const blocks = calendarBlocks(file);
  if (!blocks.ok) return refuse(blocks.errors);
  const zones = new CalendarZones(new ZoneTime(base.zone), blocks.zones, blocks.zone);
  const events: CalendarEvent[] = [];
  const errors: CalendarIssue[] = [];
  for (const block of blocks.events) {
    const event = readEvent(block, zones);
    if ('why' in event) errors.push(event);
    else events.push(event);
  }
  if (errors.length > 0) return refuse(errors);
  return new Expansion(zones.school, horizon).of(events, base);
}

/** One line of plain words for an error or note. */
export function calendarIssueText({ line, event, field, why }: CalendarIssue): string {
  return `line ${line}${event === '' ? '' : ` ("${event}")`}, ${field}: ${why}`;
}

const refuse = (errors: readonly CalendarIssue[]): CalendarResult => ({
  ok: false,
  errors: errors.slice(0, MAX_ISSUES),
});

class Expansion {
  private readonly lessons = new Map<string, DatedLesson>();
  private readonly holidays = new Map<string, Holiday>();
  private readonly notes: CalendarIssue[] = [];
  private readonly errors: CalendarIssue[] = [];

  constructor(
    private readonly school: ZoneTime,
    private readonly horizon: { readonly from: number; readonly until: number },
  ) {}

  of(events: readonly CalendarEvent[], base: CalendarBase): CalendarResult {
    const replaced = new Map<string, Set<string>>();
    for (const { uid, replaces } of events)
      if (replaces) replaced.set(uid, (replaced.get(uid) ?? new Set()).add(keyOf(replaces)));
    for (const event of events) {
      this.add(event, event.replaces ? new Set() : (replaced.get(event.uid) ?? new Set()));
      if (this.lessons.size > MAX_DATED_LESSONS || this.holidays.size > MAX_HOLIDAYS) {
        const most = `${MAX_DATED_LESSONS} lessons and ${MAX_HOLIDAYS} holidays`;
        this.errors.push(
          issueIn(event.block, 'RRULE', `expected at most ${most}: choose a shorter time`),
        );
      }
      if (this.errors.length > 0) return refuse(this.errors);
    }
    const dated = [...this.lessons].sort(byKey).map(([, lesson]) => lesson);
    const holidays = [...this.holidays].sort(byKey).map(([, holiday]) => holiday);
    const timetable = Timetable.safeParse({ ...base, week: [], dated, holidays });
    if (timetable.success)
      return { ok: true, timetable: timetable.data, notes: this.notes.slice(0, MAX_ISSUES) };
    const [issue] = timetable.error.issues;
    const field = issue?.path.join('.') ?? 'timetable';
    return refuse([{ line: 1, event: '', field, why: issue?.message ?? 'unreadable' }]);
  }

  private add(event: CalendarEvent, replaced: ReadonlySet<string>): void {
    const { block, allDay, cancelled, name } = event;
    if (cancelled) {
      this.note(event, 'STATUS', 'left out: it is cancelled');
      return;
    }
    const categories = (block.properties.get('categories') ?? []).flatMap(({ values }) => values);
    if (allDay && ![name, ...categories].some((word) => HOLIDAY.test(String(word)))) {
      this.note(event, 'DTSTART', 'left out: an event of a whole day is no lesson');
      return;
    }
    const starts = this.startsOf(event);
    if (!starts) {
      this.errors.push(
        issueIn(
          block,
          'DTSTART',
          'expected a rule that begins at most 5 years before, if it has COUNT',
        ),
      );
      return;
    }
    const excluded = new Set([...event.excluded.map(keyOf), ...replaced]);
    for (const start of starts) {
      if (excluded.has(keyOf(start)) || excluded.has(dayKey(start))) continue;
      if (allDay) this.addHoliday(event, start);
      else this.addLesson(event, start);
      if (this.lessons.size > MAX_DATED_LESSONS || this.errors.length > 0) return;
    }
  }

  private startsOf({ start, rule, extra, minutes }: CalendarEvent): readonly At[] | undefined {
    if (!rule) return [start, ...extra];
    const at = (day: number): At => ({ ...start, day });
    const { until } = rule;
    const days = daysOfRule(
      rule,
      start.day,
      // A day more at each end: the zones differ.
      {
        from: this.horizon.from - 1 - Math.ceil(minutes / DAY_MINUTES),
        until: this.horizon.until + 1,
      },
      (day) => until !== undefined && isPast(until, at(day)),
    );
    return days && [...days.map(at), ...extra];
  }

  private addHoliday({ minutes, name }: CalendarEvent, { day }: At): void {
    const last = day + Math.max(1, Math.round(minutes / DAY_MINUTES)) - 1;
    const [from, until] = [Math.max(day, this.horizon.from), Math.min(last, this.horizon.until)];
    if (from > until) return;
    const holiday = { from: dateOf(from), until: dateOf(until), ...(name !== '' && { name }) };
    this.holidays.set(`${holiday.from} ${holiday.until} ${name}`, holiday);
  }

  private addLesson({ block, minutes, name }: CalendarEvent, start: At): void {
    const fromMs = instantOf(start);
    const from = this.school.localOf(fromMs);
    if (from.day < this.horizon.from || from.day > this.horizon.until) return;
    const to = this.school.localOf(fromMs + minutes * MINUTE_MS);
    const end = (to.day - from.day) * DAY_MINUTES + to.minute;
    if (end > DAY_MINUTES || end <= from.minute) {
      const why = `expected an end on the same day in ${this.school.zone}, ${dateOf(from.day)}`;
      this.errors.push(issueIn(block, 'DTEND', why));
      return;
    }
    const lesson = { date: dateOf(from.day), from: timeOf(from.minute), to: timeOf(end) };
    // The same lesson twice, as from two calendars in one file, is one.
    const key = `${lesson.date} ${lesson.from} ${lesson.to} ${name}`;
    this.lessons.set(key, { ...lesson, ...(name !== '' && { name }) });
  }

  private note({ block }: CalendarEvent, field: string, why: string): void {
    this.notes.push(issueIn(block, field, why));
  }
}

/** UNTIL is a date, a time in UTC, or a time of the event's own zone. */
function isPast(until: string, at: At): boolean {
  const [date = '', time] = until.split('T');
  if (time === undefined || at.minute === undefined) return at.day > dayOf(date);
  if (time.endsWith('Z')) return instantOf(at) > Date.parse(until);
  const minute = Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  return at.day > dayOf(date) || (at.day === dayOf(date) && at.minute > minute);
}

/** One occurrence, whatever zone it is written in. */
const keyOf = (at: At): string => (at.minute === undefined ? dayKey(at) : String(instantOf(at)));
const dayKey = ({ day }: At): string => `day ${day}`;

const byKey = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);
