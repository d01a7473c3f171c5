/** Why was it not used? Like diagnosis.ts, by an ordered table of rules: the first tells. */
import { type Diagnosis, firstOf, next, rule, whyOff } from './diagnosis.ts';
import { isInLesson, type RobotRow } from './robot-row.ts';

/** What was used within this is in use; what was added within it had no time yet. */
const UNUSED_MS = 7 * 86_400_000;

export const unusedRules = [
  rule({
    cause: 'nobodyAssigned',
    certainty: 'sure',
    when: ({ row }) => row.measured?.devices === 0,
  }),
  rule({
    cause: 'noTimetable',
    certainty: 'sure',
    when: ({ row }) => row.measured?.nextLessonMs === null,
  }),
  rule({
    cause: 'offAtLessons',
    certainty: 'likely',
    when: ({ row, school, nowMs }) => {
      const off = whyOff(row, school, nowMs);
      return off !== undefined && off.cause !== 'asleep';
    },
  }),
  rule({
    cause: 'faulty',
    certainty: 'likely',
    when: ({ row }) => (row.own?.faults.length ?? 0) > 0,
    facts: ({ row }) => ({ faults: row.own?.faults ?? [] }),
  }),
  rule({
    cause: 'clockWrong',
    certainty: 'likely',
    when: ({ row }) => row.clockUnsureMs !== undefined,
  }),
  rule({ cause: 'pupilStayedAway', certainty: 'unknown', when: () => true, facts: next }),
] as const;

export type UnusedCause = (typeof unusedRules)[number]['cause'];

/** Undefined: it was used within a week, is in a lesson, or came to the fleet within a week. */
export function whyNotUsed(
  row: RobotRow,
  school: readonly RobotRow[],
  nowMs: number,
): Diagnosis<UnusedCause> | undefined {
  const sinceMs = row.lastUsedMs ?? row.addedMs;
  if (isInLesson(row) || (sinceMs !== undefined && nowMs - sinceMs < UNUSED_MS)) return undefined;
  return firstOf<UnusedCause>(unusedRules, { row, school, nowMs }, sinceMs);
}
