/**
 * Whether the robot may wake, as a value: `wakeVerdict(...)`, no clock, no I/O.
 *
 * Without a timetable nothing is restricted. With one, only its lessons and a teacher's allowances
 * count, each with its grace. In doubt the answer is no: without a trusted clock nobody knows what
 * lesson it is, except for a lesson or allowance that the monotonic clock counts already.
 *
 * A timetable holds for 14 days after the fleet last confirmed it, by trusted time: a robot that
 * nobody can reach must not go on for ever by an old one.
 */
import { judges, type Moment } from '../time/moment.ts';
import { type Lesson, Lessons } from './lessons.ts';
import type { KeptAllowance } from './timetable-file.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** How long a timetable holds without a word from the fleet. */
export const UNCONFIRMED_MS = 14 * DAY_MS;
/** A confirmation further ahead of the clock than this was dated by a wrong clock. */
const AHEAD_MS = DAY_MS;

export type WakeNow =
  | 'noTimetable'
  | 'granted'
  /** A lesson is to come. */
  | 'tooEarly'
  /** The timetable has no more lessons. */
  | 'over'
  | 'holiday'
  /** Nobody vouches for the time of day. */
  | 'clockUnknown'
  /** The fleet has not confirmed the timetable for 14 days. */
  | 'expired';

export interface WakeVerdict {
  readonly wakeNow: WakeNow;
  /** `granted`: the lesson, and when its grace ends. */
  readonly lesson?: Lesson;
  /** Milliseconds from now until the answer may change by itself; undefined: it will not. */
  readonly changesInMs?: number;
  /** The next lesson to begin, if the time is known. */
  readonly next?: Lesson;
}

/** A granted span that runs, counted by the monotonic clock of this boot. */
export interface Running {
  readonly boot: string;
  readonly untilMonotonicMs: number;
  readonly lesson: Lesson;
}

export interface WakeFacts {
  readonly lessons: Lessons | undefined;
  readonly allowances: readonly KeptAllowance[];
  readonly now: Moment;
  /** When the fleet last confirmed the timetable, trusted time; undefined: since then only without it. */
  readonly confirmedMs: number | undefined;
  /** What was granted last, if it may still run. */
  readonly running: Running | undefined;
}

export function wakeVerdict(facts: WakeFacts): WakeVerdict {
  const { lessons, now, confirmedMs } = facts;
  if (!lessons) return { wakeNow: 'noTimetable' };
  if (!judges(now.trust)) return counted(facts, lessons) ?? { wakeNow: 'clockUnknown' };
  const { wallMs } = now;
  const age = confirmedMs === undefined ? 0 : wallMs - confirmedMs;
  // A teacher's allowance is younger than its timetable, and holds whatever became of it.
  const usable = age <= UNCONFIRMED_MS && age >= -AHEAD_MS ? lessons : allowedOnly(lessons, facts);
  const next = usable.nextLesson(wallMs);
  const window = usable.windowAt(wallMs);
  if (window) {
    const lesson = window.lessons.findLast(({ from }) => from <= wallMs) ?? window.lessons[0];
    return {
      ...{ wakeNow: 'granted', changesInMs: window.until - wallMs },
      ...(lesson && { lesson }),
      ...(next && { next }),
    };
  }
  const wakeNow = usable === lessons ? idle(lessons, wallMs, next) : 'expired';
  const wakesMs = next && next.from - lessons.timetable.graceBeforeMin * MINUTE_MS - wallMs;
  const changesMs = [wakesMs, usable === lessons ? UNCONFIRMED_MS - age + 1 : undefined];
  const soonest = changesMs.filter((ms) => ms !== undefined);
  return {
    wakeNow,
    ...(next && { next }),
    ...(soonest.length > 0 && { changesInMs: Math.max(1, Math.min(...soonest)) }),
  };
}

function idle(lessons: Lessons, wallMs: number, next: Lesson | undefined): WakeNow {
  if (lessons.holidayAt(wallMs)) return 'holiday';
  return next ? 'tooEarly' : 'over';
}

function allowedOnly({ timetable, zone }: Lessons, { allowances }: WakeFacts): Lessons {
  return new Lessons({ ...timetable, week: [], dated: [] }, allowances, zone);
}

/** What the monotonic clock vouches for. */
function counted(facts: WakeFacts, { timetable }: Lessons): WakeVerdict | undefined {
  const { boot, monotonicMs } = facts.now;
  const { running } = facts;
  const before = timetable.graceBeforeMin * MINUTE_MS;
  const after = timetable.graceAfterMin * MINUTE_MS;
  const spans = facts.allowances.flatMap(({ id, from, until, counted: span }) =>
    span?.boot === boot
      ? [
          {
            lesson: { from, until, allowed: id },
            fromMs: span.fromMonotonicMs - before,
            untilMs: span.fromMonotonicMs + (until - from) + after,
          },
        ]
      : [],
  );
  if (running?.boot === boot)
    spans.push({
      lesson: { allowed: '', ...running.lesson },
      ...{ fromMs: Number.NEGATIVE_INFINITY, untilMs: running.untilMonotonicMs },
    });
  const granted = spans
    .filter(({ fromMs, untilMs }) => fromMs <= monotonicMs && monotonicMs < untilMs)
    .sort((a, b) => b.untilMs - a.untilMs)[0];
  if (granted)
    return {
      ...{ wakeNow: 'granted', lesson: granted.lesson },
      changesInMs: granted.untilMs - monotonicMs,
    };
  const ahead = spans.map(({ fromMs }) => fromMs - monotonicMs).filter((ms) => ms > 0);
  return ahead.length === 0
    ? undefined
    : { wakeNow: 'clockUnknown', changesInMs: Math.min(...ahead) };
}
