/** What orders act on: small interfaces, so that each part of the agent implements its own. */

import type { z } from 'zod';
import type { LogLevel, SettingsValue } from '../wire/settings.ts';

/** For the audit log: without secrets. */
export type Facts = Readonly<Record<string, unknown>>;

/** What became of an order. */
export type Result =
  | {
      readonly ok: true;
      readonly facts?: Facts;
      /** JWE to the order's `replyKey`. */
      readonly sealed?: string;
      /** Last of all, when audit entry and receipt exist. */
      readonly conclude?: () => Promise<void>;
    }
  /** In English, for people; at most 300 characters. */
  | { readonly ok: false; readonly reason: string };

/**
 * Records on their way to the fleet. On disk when `append` resolves; then sent until acknowledged
 * end to end. The same `id` again changes nothing.
 */
export interface RecordSink {
  append(record: {
    readonly id: string;
    readonly topic: string;
    readonly payload: object;
  }): Promise<void>;
  /** Whether the fleet has said that it stores this record. Absent: unknown, so not. */
  isStored?(id: string): boolean;
}

export interface LessonsPort {
  /** A lesson that is not in the timetable; milliseconds since 1970. */
  allow(lesson: {
    readonly id: string;
    readonly from: number;
    readonly until: number;
    /** The time by whoever ordered it, for a robot that does not know it. */
    readonly saidMs: number;
  }): Promise<Result>;
  /** Replaces the timetable, or rejects it as a whole with a reason. */
  replace(timetable: string): Promise<Result>;
}

export interface SettingsPort {
  configure(settings: SettingsValue): Promise<Result>;
}

export interface RestartPort {
  /** Resolves when the restart is under way; rejects when there will be none. */
  agent(): Promise<void>;
  computer(): Promise<void>;
}

export interface IdentifyPort {
  /** Shows and sounds for this long; returns at once. */
  start(seconds: number): void;
}

export interface RecentLogPort {
  /** The newest lines of at least this level, oldest first, at most so many. */
  recent(lines: number, level: z.infer<typeof LogLevel>): readonly string[];
}

/** What of the robot an order may reach; what is absent fails as `notSupported`. */
export interface OrderPorts {
  readonly lessons?: LessonsPort;
  readonly settings?: SettingsPort;
  readonly restart?: RestartPort;
  readonly identify?: IdentifyPort;
  readonly recentLog?: RecentLogPort;
}
