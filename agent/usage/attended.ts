/** What a session was of each granted lesson: a value, no clock. */
import type { LessonAttended } from '../wire/fleet.ts';

/** As many as a usage record holds. */
export const MAX_LESSONS = 16;

/** A granted lesson; milliseconds from the end of the session so far, the past is negative. */
export interface LessonSpan {
  readonly lesson: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * Planned and attended minutes of the lessons that the last `lastedMs`, a session, overlapped. A
 * teacher's pause counts as attended. `before`: what was noted earlier of the same session; a
 * lesson that the timetable has lost meanwhile stays as it was then.
 */
export function attended(
  lastedMs: number,
  lessons: readonly LessonSpan[],
  before: readonly LessonAttended[] = [],
): LessonAttended[] {
  const now = lessons.flatMap(({ lesson, fromMs, untilMs }) => {
    const ms = Math.min(untilMs, 0) - Math.max(fromMs, -lastedMs);
    if (!(ms > 0)) return [];
    const plannedMinutes = minutes(untilMs - fromMs);
    return [{ lesson, plannedMinutes, attendedMinutes: minutes(ms) }];
  });
  const known = new Set(now.map(({ lesson }) => lesson));
  const lost = before.filter(({ lesson }) => !known.has(lesson));
  return [...lost, ...now].slice(0, MAX_LESSONS);
}

const minutes = (ms: number): number => Math.round(ms / 600) / 100;
