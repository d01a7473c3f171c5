import type { Quality } from '../../../client/api.ts';

/** A connection over which it is hard to take part, for so long that a pupil should be told. */
export interface Trouble {
  readonly why: NonNullable<Quality['trouble']>;
  /** Between the pupil and the class, there or back: the longest that was measured last, milliseconds. */
  readonly delayMs: number;
}

export interface TroubleWatch {
  readonly trouble: Trouble | undefined;
  /** Measurements in a row that speak for a change; one comes each second. */
  readonly against: number;
}

export const noTrouble: TroubleWatch = { trouble: undefined, against: 0 };

/** A single bad second is no news... */
const BAD_IN_A_ROW = 3;
/** ...and a banner that comes and goes is worse than one that stays a little. */
const WELL_IN_A_ROW = 6;

/** One measurement further. A value: no time and no page in here. */
export function watchTrouble(watch: TroubleWatch, quality: Quality): TroubleWatch {
  const bad = quality.verdict === 'poor' ? quality.trouble : undefined;
  if (!watch.trouble) {
    if (!bad) return noTrouble;
    const against = watch.against + 1;
    if (against < BAD_IN_A_ROW) return { trouble: undefined, against };
    return { trouble: { why: bad, delayMs: delayOf(quality) }, against: 0 };
  }
  // What it is due to may change from second to second: the first reason stands until all is well.
  if (bad) return { trouble: { ...watch.trouble, delayMs: delayOf(quality) }, against: 0 };
  const against = watch.against + 1;
  return against < WELL_IN_A_ROW ? { trouble: watch.trouble, against } : noTrouble;
}

function delayOf({ videoLatencyMs = 0, roundTripMs = 0 }: Quality): number {
  return Math.max(videoLatencyMs, roundTripMs);
}
