/** What usage reports are made of. All times are milliseconds since 1970. */
import type { UsageRecord } from '../../../agent/wire/fleet.ts';

export interface StoredUsage {
  readonly record: UsageRecord;
  /** When the fleet service received it: the only date of a record without a trusted clock. */
  readonly receivedAt?: number;
}

export interface PlannedLesson {
  /** Its id in the robot's timetable, if known: joins it with `lessons` of a usage record. */
  readonly lesson?: string;
  readonly robot: string;
  /**
   * Pseudonym of a pupil's time with a robot. It must stay the same when the pupil gets another
   * robot as a replacement: it counts pupils.
   */
  readonly assignment: string;
  readonly school: string;
  readonly start: number;
  readonly end: number;
}

/** A step in the return to school, 1..6, forward or back. */
export interface PhaseChange {
  readonly assignment: string;
  readonly at: number;
  readonly phase: number;
}

/** A robot's school; several rows of a robot that moved, each from `since` on. */
export interface RobotRow {
  readonly robot: string;
  readonly school: string;
  /** Absent: from the beginning. */
  readonly since?: number;
}

export interface UsageInput {
  /** In any order; of several with one id the first counts. */
  readonly records: readonly StoredUsage[];
  readonly lessons: readonly PlannedLesson[];
  readonly phases: readonly PhaseChange[];
  readonly robots: readonly RobotRow[];
  /** Now: lessons that have not ended by then are not counted. */
  readonly asOf: number;
}
