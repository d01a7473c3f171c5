/** A moment on this robot: by its monotonic clock, and by wall clock as far as known. */
import { type TIME_SOURCES, TimeMark, TRUSTS } from '../wire/time-mark.ts';

/**
 * How far a time of day is trusted, least first.
 * - `none`: the machine's clock, unconfirmed.
 * - `lent`: from one bound device. Good enough for records, not for decisions.
 * - `agreed`: two independent sources agree: two devices, or a device and the machine's clock.
 * - `sure`: the machine is synchronised, or the fleet signed it.
 */
export type Trust = (typeof TRUSTS)[number];
export type TimeSource = (typeof TIME_SOURCES)[number];

export interface Moment {
  /** Milliseconds since this boot. */
  readonly monotonicMs: number;
  readonly boot: string;
  /** Milliseconds since 1970: the best estimate, never before what is certainly past. */
  readonly wallMs: number;
  readonly trust: Trust;
  readonly source: TimeSource;
}

/** A moment as stored on disk, from which a guess can be corrected later. */
export const Stamp = TimeMark;
export type Stamp = TimeMark;

export function stampOf({ boot, monotonicMs, trust, source }: Moment): Stamp {
  return { boot, monotonicMs, trust, source };
}

export function outranks(a: Trust, b: Trust): boolean {
  return TRUSTS.indexOf(a) > TRUSTS.indexOf(b);
}

/** Whether it may decide that something has expired; the time of one device may not. */
export function judges(trust: Trust): boolean {
  return trust === 'agreed' || trust === 'sure';
}
