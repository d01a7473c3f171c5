/** Sessions and lessons placed in time and in schools: the entries that reports add up. */
import type { UsageRecord } from '../../../agent/wire/fleet.ts';
import type { PlannedLesson, RobotRow, StoredUsage, UsageInput } from './usage-input.ts';

const MINUTE_MS = 60_000;

export interface SessionEntry {
  readonly kind: 'session';
  readonly robot: string;
  /** Undefined of a robot that is in no school at the time. */
  readonly school: string | undefined;
  readonly record: UsageRecord;
  readonly from: number;
  readonly to: number;
  /** False: the robot did not know the time; `from` is when the record was received, if known. */
  readonly dated: boolean;
}

export interface LessonEntry {
  readonly kind: 'lesson';
  readonly robot: string;
  readonly school: string;
  readonly assignment: string;
  readonly start: number;
  readonly plannedMinutes: number;
  /** At most `plannedMinutes`. */
  readonly attendedMinutes: number;
}

export interface Entries {
  readonly sessions: readonly SessionEntry[];
  readonly lessons: readonly LessonEntry[];
}

export function entriesOf(input: UsageInput): Entries {
  const schoolAt = schoolsOf(input.robots);
  const sessions = withoutDoubles(input.records).map((stored) => sessionEntry(stored, schoolAt));
  const ofRobot = groupBy(sessions, ({ robot }) => robot);
  const held = new Map<string, PlannedLesson>();
  for (const lesson of input.lessons) {
    if (lesson.end <= input.asOf && lesson.end > lesson.start) held.set(lessonKey(lesson), lesson);
  }
  const lessons = [...held.values()].map((lesson) =>
    lessonEntry(lesson, ofRobot.get(lesson.robot) ?? []),
  );
  return { sessions, lessons };
}

/** Groups in order of first appearance. */
export function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}

type SchoolAt = (robot: string, at: number) => string | undefined;

function schoolsOf(rows: readonly RobotRow[]): SchoolAt {
  const ofRobot = groupBy(rows, ({ robot }) => robot);
  for (const moves of ofRobot.values()) moves.sort((a, b) => sinceOf(b) - sinceOf(a));
  return (robot, at) => ofRobot.get(robot)?.find((row) => sinceOf(row) <= at)?.school;
}

const sinceOf = ({ since }: RobotRow): number => since ?? Number.NEGATIVE_INFINITY;

function withoutDoubles(records: readonly StoredUsage[]): StoredUsage[] {
  const seen = new Set<string>();
  return records.filter(({ record }) => {
    if (seen.has(record.id)) return false;
    seen.add(record.id);
    return true;
  });
}

function sessionEntry({ record, receivedAt }: StoredUsage, schoolAt: SchoolAt): SessionEntry {
  const { robot } = record;
  // No mark at all is of a robot too old to say: no trust either.
  const dated = record.clock !== undefined && record.clock.trust !== 'none';
  const from = dated ? record.start : (receivedAt ?? record.start);
  // A day's window must not cut what nobody can place: an undated session is a point in time.
  const to = dated ? Math.max(record.end, from) : from;
  return { kind: 'session', robot, school: schoolAt(robot, from), record, from, to, dated };
}

function lessonKey({ robot, assignment, start, end }: PlannedLesson): string {
  return `${robot} ${assignment} ${start} ${end}`;
}

function lessonEntry(lesson: PlannedLesson, sessions: readonly SessionEntry[]): LessonEntry {
  const { robot, school, assignment, start, end } = lesson;
  const plannedMinutes = (end - start) / MINUTE_MS;
  const dated = sessions.filter((session) => session.dated);
  // The robot's own count is by the monotonic clock; the rest is by the times of the session.
  const counted = dated.flatMap(({ record }) =>
    (record.lessons ?? []).filter((one) => one.lesson === lesson.lesson),
  );
  const others = dated.filter(
    ({ record }) => !record.lessons?.some((one) => one.lesson === lesson.lesson),
  );
  const attended =
    counted.reduce((sum, one) => sum + one.attendedMinutes, 0) +
    coveredMs(others, start, end) / MINUTE_MS;
  const attendedMinutes = Math.min(plannedMinutes, attended);
  return { kind: 'lesson', robot, school, assignment, start, plannedMinutes, attendedMinutes };
}

/** How much of start..end the sessions cover; where two overlap it counts once. */
function coveredMs(sessions: readonly SessionEntry[], start: number, end: number): number {
  const inside = sessions
    .filter(({ from, to }) => from < end && to > start)
    .sort((a, b) => a.from - b.from);
  let covered = 0;
  let reached = start;
  for (const { from, to } of inside) {
    const last = Math.min(to, end);
    covered += Math.max(0, last - Math.max(from, reached));
    reached = Math.max(reached, last);
  }
  return covered;
}
