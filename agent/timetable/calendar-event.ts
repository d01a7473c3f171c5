/** One VEVENT: its times, checked. */
import {
  type Block,
  type CalendarIssue,
  lineOf,
  type Property,
  textOf,
} from './calendar-blocks.ts';
import type { CalendarZones } from './calendar-zones.ts';
import { dayOf } from './civil.ts';
import { Rule } from './recurrence.ts';
import type { ZoneTime } from './zone-time.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
/** A longer event is no lesson. Minutes. */
const MAX_LESSON_MIN = 12 * 60;

/** A time on the wall of a zone. */
export interface At {
  readonly day: number;
  /** Undefined: the whole day. */
  readonly minute: number | undefined;
  readonly zone: ZoneTime;
}

export interface CalendarEvent {
  readonly block: Block;
  readonly uid: string;
  readonly name: string;
  readonly start: At;
  readonly allDay: boolean;
  /** Minutes; whole days for an all-day event. */
  readonly minutes: number;
  readonly rule: Rule | undefined;
  readonly extra: readonly At[];
  readonly excluded: readonly At[];
  /** Which occurrence of the event with this uid it replaces. */
  readonly replaces: At | undefined;
  readonly cancelled: boolean;
}

/** Thrown inside, and turned into a CalendarIssue. */
class Fault extends Error {
  constructor(
    readonly field: string,
    why: string,
  ) {
    super(why);
  }
}

export function readEvent(block: Block, zones: CalendarZones): CalendarEvent | CalendarIssue {
  try {
    return eventOf(block, zones);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { field, message: why } = error;
    return issueIn(block, field, why);
  }
}

export function issueIn(block: Block, field: string, why: string): CalendarIssue {
  return {
    line: lineOf(block, field),
    event: (textOf(block, 'summary') ?? '').slice(0, 60),
    field,
    why,
  };
}

function eventOf(block: Block, zones: CalendarZones): CalendarEvent {
  const times = (name: string): At[] =>
    (block.properties.get(name) ?? []).flatMap((property) =>
      property.values.map((value) => atOf(name, value, property, zones)),
    );
  const [start, second] = times('dtstart');
  if (!start) throw new Fault('DTSTART', 'expected a start');
  if (second) throw new Fault('DTSTART', 'expected one start');
  const replaced = block.properties.get('recurrence-id')?.[0];
  if (replaced?.params.range !== undefined)
    throw new Fault('RECURRENCE-ID', 'expected no RANGE: export each changed lesson by itself');
  const minutes = minutesOf(block, start, times('dtend')[0]);
  // Outlook also writes whole days as times from midnight to midnight.
  const allDay = start.minute === undefined || (start.minute === 0 && minutes % DAY_MINUTES === 0);
  const cancelled = textOf(block, 'status')?.toUpperCase() === 'CANCELLED';
  if (!allDay && !cancelled && (minutes < 1 || minutes > MAX_LESSON_MIN))
    throw new Fault('DTEND', 'expected an end after the start, at most 12 hours later');
  return {
    ...{ block, start, allDay, minutes, cancelled },
    uid: textOf(block, 'uid') ?? `line ${block.line}`,
    name: nameOf(textOf(block, 'summary') ?? ''),
    rule: ruleOf(block),
    ...{ extra: times('rdate'), excluded: times('exdate'), replaces: times('recurrence-id')[0] },
  };
}

function ruleOf(block: Block): Rule | undefined {
  const [first, second] = block.properties.get('rrule') ?? [];
  if (second) throw new Fault('RRULE', 'expected one rule');
  if (block.properties.has('exrule')) throw new Fault('EXRULE', 'expected EXDATE instead');
  if (!first) return undefined;
  const rule = Rule.safeParse(first.values[0]);
  if (rule.success) return rule.data;
  const issue = rule.error.issues[0];
  if (issue?.code !== 'unrecognized_keys')
    throw new Fault('RRULE', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}`);
  const parts = issue.keys.join(', ').toUpperCase().slice(0, 80);
  throw new Fault('RRULE', `expected no ${parts}: export the lessons as single events`);
}

function minutesOf(block: Block, start: At, end: At | undefined): number {
  const duration = textOf(block, 'duration');
  if (duration !== undefined && end === undefined) return durationOf(duration);
  if (!end) {
    if (start.minute === undefined) return DAY_MINUTES;
    throw new Fault('DTSTART', 'expected DTEND or DURATION beside it: how long is the lesson?');
  }
  if ((end.minute === undefined) !== (start.minute === undefined))
    throw new Fault('DTEND', 'expected a date if DTSTART is one, and a time otherwise');
  if (start.minute === undefined || end.minute === undefined)
    // An end on the start itself is written by some programs for one day.
    return Math.max(1, end.day - start.day) * DAY_MINUTES;
  const ms = instantOf(end) - instantOf(start);
  // Whole days by the wall, whatever the clocks do in between.
  if (start.minute === 0 && end.minute === 0 && end.day > start.day)
    return (end.day - start.day) * DAY_MINUTES;
  return ms / MINUTE_MS;
}

/** Minutes of an RFC 5545 duration. */
function durationOf(text: string): number {
  const [found, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] =
    /^\+?P(?:(\d{1,3})W|(?:(\d{1,3})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,5})S)?)?)$/.exec(
      text,
    ) ?? [];
  if (found === undefined) throw new Fault('DURATION', 'expected a duration, as PT45M');
  return (
    (Number(weeks) * 7 + Number(days)) * DAY_MINUTES +
    Number(hours) * 60 +
    Number(minutes) +
    Number(seconds) / 60
  );
}

/** Milliseconds since 1970; of a whole day its start. */
export function instantOf({ day, minute = 0, zone }: At): number {
  return zone.instantOf(day, minute);
}

function atOf(name: string, value: unknown, { params }: Property, zones: CalendarZones): At {
  const field = name.toUpperCase();
  const [, date, hours, minutes, seconds, utc] =
    /^([12]\d{3}-\d\d-\d\d)(?:T(\d\d):(\d\d):(\d\d)(Z?))?$/.exec(String(value)) ?? [];
  const day = date === undefined ? Number.NaN : dayOf(date);
  if (Number.isNaN(day) || Number(hours ?? 0) > 23 || Number(minutes ?? 0) > 59)
    throw new Fault(field, 'expected a date or date-time, as 20270111T090000');
  if (seconds !== undefined && Number(seconds) > 59)
    throw new Fault(field, 'expected whole seconds');
  const { tzid } = params;
  const zone =
    utc === 'Z' ? zones.of('UTC') : typeof tzid === 'string' ? zones.of(tzid) : zones.floating;
  if (!zone)
    throw new Fault(
      field,
      `expected a time zone that is known or the school's own, as ${zones.school.zone}; got "${String(tzid).slice(0, 40)}"`,
    );
  const minute = hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
  return { day, minute, zone };
}

/** As a timetable takes it. */
function nameOf(summary: string): string {
  const plain = summary.replace(/\p{Cc}+/gu, ' ').trim();
  return [...plain].slice(0, 30).join('');
}
