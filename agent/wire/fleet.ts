/** Messages from a robot to the fleet over the broker. Never content or names of people. */
import { z } from 'zod';
import { TimeMark } from './time-mark.ts';
import { RobotId } from './topics.ts';

/** Life cycle after the Homie convention: retained; `lost` is the last will. */
export const LifeState = z.enum([
  'init',
  'ready',
  'live',
  'paused',
  'alert',
  'sleeping',
  'updating',
  'disconnected',
  'lost',
]);
export type LifeState = z.infer<typeof LifeState>;

/** Why a robot is `disconnected` or `sleeping`. Older robots send none. */
export const STATE_CAUSES = [
  /** Somebody switched it off, or its service was stopped. */
  'switchedOff',
  /** It comes back by itself. */
  'restart',
  'update',
  'batteryEmpty',
  'tooHot',
  /** Its timetable has no lesson now. */
  'timetable',
] as const;
export type StateCause = (typeof STATE_CAUSES)[number];

export const StateMessage = z.looseObject({
  state: LifeState,
  /** Fault codes while `alert`, for staff. */
  faults: z.array(z.string().max(40)).max(32),
  version: z.string().max(40),
  /**
   * What the robot is occupied with besides its state: `pairing` while it reads codes. Readers pass
   * over what they do not know.
   */
  doing: z.string().max(40).exactOptional(),
  /**
   * Why the robot is in this state, if it is off or asleep: one of `STATE_CAUSES`. Readers pass over
   * what they do not know.
   */
  cause: z.string().max(40).exactOptional(),
  /** Wall clock, milliseconds since 1970, when the state began. */
  since: z.number().nonnegative(),
  /** Trust in `since`. */
  clock: TimeMark.exactOptional(),
});
export type StateMessage = z.infer<typeof StateMessage>;

/** Of the body, as firmware judges it. Readers pass over what they do not know. */
const level = z.string().max(20).exactOptional();

/** Optional fields: older robots lack them, and any robot while it does not know. */
export const Telemetry = z.looseObject({
  robot: RobotId,
  at: z.number().nonnegative(),
  /** Trust in `at`; also dates earlier messages whose mark is of the same boot. */
  clock: TimeMark.exactOptional(),
  upSeconds: z.number().nonnegative(),
  batteryPercent: z.number().min(0).max(100),
  charging: z.boolean().exactOptional(),
  /** `good`, `low`, `critical` or `empty`. */
  batteryLevel: level,
  computerC: z.number(),
  servoC: z.number(),
  /** `good`, `warm`, `hot` or `critical`. */
  heatLevel: level,
  faults: z.array(z.string().max(40)).max(32),
  /** Messages refused since the start, by reason. */
  refused: z.record(z.string().max(40), z.number().int().nonnegative()),
  /** How it is connected. */
  signal: z
    .looseObject({
      /** `wifi`, `ethernet` or `mobile`. */
      network: z.string().max(20).exactOptional(),
      /** Received signal strength. */
      dBm: z.number().min(-200).max(50).exactOptional(),
    })
    .exactOptional(),
  /** Free space for data, 10^6 bytes. */
  diskFreeMB: z.number().nonnegative().exactOptional(),
  /** End of the certificate for the broker, milliseconds since 1970. */
  certificateUntil: z.number().nonnegative().exactOptional(),
  /** Number of bound devices; 0: nobody has the robot. */
  devices: z.number().int().nonnegative().exactOptional(),
  /** Step of the return to school, 1 to 6; timetable.ts. */
  phase: z.number().int().min(1).max(6).exactOptional(),
  /**
   * When the next lesson begins, milliseconds since 1970; null: the timetable has no more. Absent
   * without a timetable, and while the time is unknown.
   */
  nextLesson: z.number().nonnegative().nullable().exactOptional(),
  /** How the run before this one ended: a StateCause, or `crash` or `powerLost`. */
  lastStop: z.string().max(40).exactOptional(),
});
export type Telemetry = z.infer<typeof Telemetry>;

const Percentiles = z.strictObject({ p50: z.number(), p95: z.number() }).nullable();

/** What one session was of one granted lesson; a session may cover several. */
export const LessonAttended = z.looseObject({
  /** Id of the lesson in the robot's timetable. */
  lesson: z.string().min(1).max(120),
  plannedMinutes: z.number().nonnegative(),
  /** Minutes of this session within the lesson, by the monotonic clock. */
  attendedMinutes: z.number().nonnegative(),
});
export type LessonAttended = z.infer<typeof LessonAttended>;

/** Why a session ended. */
export const SESSION_ENDS = [
  'hangUp',
  'lost',
  'robotStopped',
  'revoked',
  'batteryEmpty',
  'tooHot',
  'powerLost',
  /** The granted lesson and its grace were over. */
  'lessonOver',
] as const;
export type SessionEnd = (typeof SESSION_ENDS)[number];

/** One session, written to disk before it is acknowledged to anyone. */
export const UsageRecord = z.looseObject({
  /** Random, for deduplication. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  robot: RobotId,
  /** Wall clock, milliseconds since 1970. */
  start: z.number().nonnegative(),
  end: z.number().nonnegative(),
  /** Trust in `start`. With trust `none` start and end are guesses; `minutes` never is. */
  clock: TimeMark.exactOptional(),
  /** By the monotonic clock. */
  minutes: z.number().nonnegative(),
  why: z.enum(SESSION_ENDS),
  handsRaised: z.number().int().nonnegative(),
  handsAcknowledged: z.number().int().nonnegative(),
  pauses: z.number().int().nonnegative(),
  interruptions: z.number().int().nonnegative(),
  /** Glass to glass, milliseconds, as the pupil's device measured it. */
  videoLatencyMs: Percentiles,
  lossRatio: Percentiles,
  /** Granted lessons that the session was in; absent from robots without a timetable. */
  lessons: z.array(LessonAttended).max(16).exactOptional(),
});
export type UsageRecord = z.infer<typeof UsageRecord>;
