/** A moment as this robot knows it: always by its own beat, and by the calendar as well as may be. */
import { type TIME_SOURCES, TimeMark, TRUSTS } from '../wire/time-mark.ts';

/**
 * How far a time of day may be believed, least first.
 * - `none`: the machine's clock, which nobody vouches for.
 * - `lent`: one bound device said what time it is. Good for records, opens nothing.
 * - `agreed`: two independent ones say the same: two devices, or a device and the machine's clock.
 * - `sure`: the machine is synchronised, or the fleet signed it.
 */
export type Trust = (typeof TRUSTS)[number];
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
export const Stamp = TimeMark;
export type Stamp = TimeMark;

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
