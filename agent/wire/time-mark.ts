/** Moments of a robot: by wall-clock time, as far as it was known, and by the monotonic clock. */
import { z } from 'zod';

/** Trust in a time of day, least first; explained in agent/time/moment.ts. */
export const TRUSTS = ['none', 'lent', 'agreed', 'sure'] as const;
/** Source of a time of day; `system` is the machine's unconfirmed clock. */
export const TIME_SOURCES = ['system', 'pupil', 'pupils', 'fleet', 'ntp'] as const;

/**
 * Accompanies a wall-clock time. With trust `none` that is a guess: the robot had no network or no
 * time server. A later, more trusted mark of the same boot gives the correct time, since monotonic
 * times of one boot are comparable.
 */
export const TimeMark = z.looseObject({
  /** Identifies one boot of one robot. */
  boot: z.string().min(1).max(64),
  /** Milliseconds since that boot, by the monotonic clock. */
  monotonicMs: z.number(),
  /** An unknown value counts as no trust. */
  trust: z.enum(TRUSTS).catch('none'),
  source: z.enum(TIME_SOURCES).catch('system'),
});
export type TimeMark = z.infer<typeof TimeMark>;
