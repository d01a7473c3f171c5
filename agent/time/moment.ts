/** A moment as this robot knows it: always by its own beat, and by the calendar as well as may be. */
import { z } from 'zod';

/**
 * How far a time of day may be believed, least first.
 * - `none`: the machine's clock, which nobody vouches for.
 * - `lent`: one bound device said what time it is. Good for records, opens nothing.
 * - `agreed`: two independent ones say the same: two devices, or a device and the machine's clock.
 * - `sure`: the machine is synchronised, or the fleet signed it.
 */
export const TRUSTS = ['none', 'lent', 'agreed', 'sure'] as const;
export type Trust = (typeof TRUSTS)[number];

/** Where a time of day came from; `system` is the machine's clock on its own. */
export const TIME_SOURCES = ['system', 'pupil', 'pupils', 'fleet', 'ntp'] as const;
export type TimeSource = (typeof TIME_SOURCES)[number];

export interface Moment {
  /** Milliseconds since this boot. */
  readonly monotonicMs: number;
  readonly boot: string;
  /** Milliseconds since 1970: the best that is known, never before what is certain to be past. */
  readonly wallMs: number;
  readonly trust: Trust;
  readonly source: TimeSource;
}

/** A moment as it is kept on disk, for setting right later what was a guess. */
export const Stamp = z.looseObject({
  boot: z.string().min(1).max(64),
  monotonicMs: z.number(),
  trust: z.enum(TRUSTS),
  source: z.enum(TIME_SOURCES),
});
export type Stamp = z.infer<typeof Stamp>;

export function stampOf({ boot, monotonicMs, trust, source }: Moment): Stamp {
  return { boot, monotonicMs, trust, source };
}

export function outranks(a: Trust, b: Trust): boolean {
  return TRUSTS.indexOf(a) > TRUSTS.indexOf(b);
}

/** Good enough to say that something is over: one device's word is not. */
export function judges(trust: Trust): boolean {
  return trust === 'agreed' || trust === 'sure';
}
