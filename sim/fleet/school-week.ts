/**
 * The day profile of a school week, as values: when a robot is in a lesson, at hand, or in its
 * cupboard. Lessons begin and end for the whole fleet at the same minutes, as bells ring; pupils are
 * early or late by seconds. Times are those of the school's clock, as milliseconds since 1970 in UTC.
 */
import { Random } from '../time/random.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Minutes since midnight at which lessons begin; each is 45 minutes. */
const BELLS = [8 * 60 + 30, 9 * 60 + 20, 10 * 60 + 25, 11 * 60 + 15, 13 * 60, 13 * 60 + 50];
const LESSON_MINUTES = 45;
/** Robots are carried to class, and back. */
const OPEN = { from: 7 * 60 + 30, until: 16 * 60 };
/** Share of the lessons that a robot's pupil attends, and most seconds before or after a bell. */
const ATTENDS = 0.55;
const JITTER_S = 90;

export interface Lesson {
  readonly fromMs: number;
  readonly untilMs: number;
}

export type DayPart = 'lesson' | 'atHand' | 'cupboard';

/** Of the day of `atMs`, in order; none at weekends. The same for the same seed. */
export function lessonsOf(atMs: number, seed: number): readonly Lesson[] {
  const day = Math.floor(atMs / DAY_MS);
  if (isWeekend(day)) return [];
  const random = new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(day, 0x85ebca6b));
  return BELLS.flatMap((bell) => {
    const [attends, early, late] = [random.next(), random.next(), random.next()];
    if (attends >= ATTENDS) return [];
    const fromMs = day * DAY_MS + bell * MINUTE_MS + (early - 0.5) * 2_000 * JITTER_S;
    const untilMs =
      day * DAY_MS + (bell + LESSON_MINUTES) * MINUTE_MS + (late - 0.5) * 2_000 * JITTER_S;
    return [{ fromMs, untilMs }];
  });
}

export function dayPartAt(atMs: number, seed: number): DayPart {
  if (lessonsOf(atMs, seed).some(({ fromMs, untilMs }) => atMs >= fromMs && atMs < untilMs))
    return 'lesson';
  const minute = (atMs % DAY_MS) / MINUTE_MS;
  const open = !isWeekend(Math.floor(atMs / DAY_MS)) && minute >= OPEN.from && minute < OPEN.until;
  return open ? 'atHand' : 'cupboard';
}

/** The next moment after `atMs` at which `dayPartAt` may change. */
export function nextChange(atMs: number, seed: number): number {
  const day = Math.floor(atMs / DAY_MS);
  const midnight = day * DAY_MS;
  const moments = [midnight + OPEN.from * MINUTE_MS, midnight + OPEN.until * MINUTE_MS];
  for (const { fromMs, untilMs } of lessonsOf(atMs, seed)) moments.push(fromMs, untilMs);
  return Math.min(midnight + DAY_MS, ...moments.filter((moment) => moment > atMs));
}

/** 1970-01-01 was a Thursday. */
function isWeekend(day: number): boolean {
  return (((day + 3) % 7) + 7) % 7 >= 5;
}
