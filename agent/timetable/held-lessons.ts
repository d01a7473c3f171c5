/** Which granted lessons the last minutes were, for the usage record: a value, no clock. */
import { judges, type Moment } from '../time/moment.ts';
import type { Timetable } from '../wire/timetable.ts';
import { type Lesson, type Lessons, MAX_SPAN_MS } from './lessons.ts';
import type { KeptAllowance } from './timetable-file.ts';

const MINUTE_MS = 60_000;

/** A granted lesson by the monotonic clock, milliseconds from now: the past is negative. */
export interface HeldLesson {
  readonly lesson: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

interface HeldFacts {
  readonly lessons: Lessons;
  readonly allowances: readonly KeptAllowance[];
  readonly now: Moment;
  /** Wall minus monotonic time when the clock of this boot was last trusted; undefined: never. */
  readonly offsetMs: number | undefined;
}

/**
 * The id of a lesson, the same on the robot and in the fleet: timetable and ISO 8601 interval in
 * UTC, or the id of a teacher's allowance.
 */
export function lessonId({ id }: Pick<Timetable, 'id'>, { from, until, allowed }: Lesson): string {
  if (allowed !== undefined) return allowed;
  const start = new Date(from).toISOString().slice(0, 16);
  return `${id}@${start}Z/PT${Math.round((until - from) / MINUTE_MS)}M`;
}

/** Lessons that overlap the last `lastMs`, by start; undefined `offsetMs`: those counted in this boot. */
export function heldLessons(facts: HeldFacts, lastMs: number): HeldLesson[] {
  const { lessons, now } = facts;
  const spanMs = Math.min(lastMs, MAX_SPAN_MS);
  const offsetMs = judges(now.trust) ? now.wallMs - now.monotonicMs : facts.offsetMs;
  if (offsetMs === undefined) return countedLessons(facts, spanMs);
  const nowMs = now.monotonicMs + offsetMs;
  return lessons.lessonsBetween(nowMs - spanMs, nowMs).map((lesson) => ({
    lesson: lessonId(lessons.timetable, lesson),
    ...{ fromMs: lesson.from - nowMs, untilMs: lesson.until - nowMs },
  }));
}

function countedLessons({ allowances, now }: HeldFacts, spanMs: number): HeldLesson[] {
  return allowances
    .flatMap(({ id, from, until, counted }) => {
      if (counted?.boot !== now.boot) return [];
      const fromMs = counted.fromMonotonicMs - now.monotonicMs;
      return [{ lesson: id, fromMs, untilMs: fromMs + until - from }];
    })
    .filter(({ fromMs, untilMs }) => fromMs < 0 && untilMs > -spanMs)
    .sort((a, b) => a.fromMs - b.fromMs);
}
