/** How a robot tells when something was: by the calendar as well as it knew, and by its own beat. */
import { z } from 'zod';

/** How far a time of day may be believed, least first; agent/time/moment.ts says what each means. */
export const TRUSTS = ['none', 'lent', 'agreed', 'sure'] as const;
/** Where a time of day came from; `system` is the machine's clock on its own. */
export const TIME_SOURCES = ['system', 'pupil', 'pupils', 'fleet', 'ntp'] as const;

/**
 * Stands beside a wall time. With trust `none` the wall time is a guess: the robot had no network or
 * no time server. A later mark of the same boot that has more trust tells what the time was, since
 * monotonic times of one boot may be compared.
 */
export const TimeMark = z.looseObject({
  /** Names one boot of one robot. */
  boot: z.string().min(1).max(64),
  /** Milliseconds by the clock that never jumps, since that boot. */
  monotonicMs: z.number(),
  /** A word that is not known here is no reason to believe. */
  trust: z.enum(TRUSTS).catch('none'),
  source: z.enum(TIME_SOURCES).catch('system'),
});
export type TimeMark = z.infer<typeof TimeMark>;
