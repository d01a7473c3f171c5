/**
 * Everything that is known of one robot, from what it said last: a value that travels as JSON from
 * the fleet service to the page and the command. What it never said is absent. Of pupils it has the
 * number of bound devices only. Folds: row-folds.ts.
 */
import { z } from 'zod';
import { LifeState } from '../wire/fleet.ts';
import { SectionReport } from '../wire/settings.ts';
import { TRUSTS } from '../wire/time-mark.ts';
import { PlaceId, RobotId } from '../wire/topics.ts';

/** Milliseconds since 1970. */
const ms = z.number();
const text = z.string().max(40);

/** When something was said: by the robot's clocks, and by the receiver's. */
export const Mark = z.object({
  /** By the robot's wall clock. */
  atMs: ms,
  /** When the fleet received it last. */
  receivedMs: ms,
  /** Trust of `atMs` suffices to compare it with other clocks'. */
  trusted: z.boolean(),
  boot: text.max(64).exactOptional(),
  monotonicMs: z.number().exactOptional(),
});
export type Mark = z.infer<typeof Mark>;

export const BATTERY_LEVELS = ['good', 'low', 'critical', 'empty'] as const;
export const HEAT_LEVELS = ['good', 'warm', 'hot', 'critical'] as const;

/** The newest state that the robot published itself. */
const OwnState = z.object({
  ...{ mark: Mark, state: LifeState.exclude(['lost']) },
  ...{ version: text, faults: z.array(text) },
  ...{ doing: text.exactOptional(), cause: text.exactOptional() },
});

const Measured = z.object({
  mark: Mark,
  batteryPercent: z.number(),
  charging: z.boolean().exactOptional(),
  batteryLevel: z.enum(BATTERY_LEVELS).exactOptional(),
  ...{ computerC: z.number(), servoC: z.number() },
  heatLevel: z.enum(HEAT_LEVELS).exactOptional(),
  network: z.string().max(20).exactOptional(),
  dBm: z.number().exactOptional(),
  diskFreeMB: z.number().exactOptional(),
  certificateUntilMs: ms.exactOptional(),
  /** Bound devices. */
  devices: z.number().exactOptional(),
  phase: z.number().exactOptional(),
  /** Null: its timetable has no more lessons. */
  nextLessonMs: ms.nullable().exactOptional(),
  /** How the run before this one ended. */
  lastStop: text.exactOptional(),
  trust: z.enum(TRUSTS).exactOptional(),
});

/** Charge used during lessons on battery: about the last 10 to 20 hours of it. */
const Wear = z.object({ percent: z.number(), hours: z.number() });

const Settings = z.object({
  mark: Mark,
  /** Without values. */
  sections: z.record(
    z.string(),
    z.object({
      ...{ version: SectionReport.shape.version, state: SectionReport.shape.state },
      ...{ tried: SectionReport.shape.tried, reason: SectionReport.shape.reason },
    }),
  ),
});

export const RobotRow = z.object({
  id: RobotId,
  name: z.string().max(60).exactOptional(),
  school: PlaceId.exactOptional(),
  /** When it was added to the fleet. */
  addedMs: ms.exactOptional(),
  /** When anything of the robot itself arrived last. */
  seenMs: ms.exactOptional(),
  own: OwnState.exactOptional(),
  /** The broker published the last will then: the robot vanished. */
  lostMs: ms.exactOptional(),
  measured: Measured.exactOptional(),
  settings: Settings.exactOptional(),
  /** End of its last session. */
  lastUsedMs: ms.exactOptional(),
  /** Since when its clock has been untrusted in all that arrived, by the receiver's clock. */
  clockUnsureMs: ms.exactOptional(),
  wear: Wear.exactOptional(),
  /** When it became hot, the last few times. */
  hotMs: z.array(ms).exactOptional(),
  /** Which faults came when, the last few. */
  faultsCame: z.array(z.object({ code: text, atMs: ms })).exactOptional(),
});
export type RobotRow = z.infer<typeof RobotRow>;

/** The present state, and since when as far as is known; undefined: it never said. */
export function stateOf(row: RobotRow): { state: LifeState; sinceMs: number } | undefined {
  const { own, lostMs } = row;
  if (lostMs !== undefined && (!own || lostMs > own.mark.receivedMs))
    return { state: 'lost', sinceMs: lostMs };
  if (!own) return undefined;
  const { trusted, atMs, receivedMs } = own.mark;
  return { state: own.state, sinceMs: trusted ? atMs : receivedMs };
}

/** Nobody reaches it: it vanished, was switched off, or never came. */
export function isOffline(row: RobotRow): boolean {
  const state = stateOf(row)?.state;
  return state === undefined || state === 'lost' || state === 'disconnected';
}

/** A pupil has it in class. */
export function isInLesson(row: RobotRow): boolean {
  const state = stateOf(row)?.state;
  return state === 'live' || state === 'paused';
}
