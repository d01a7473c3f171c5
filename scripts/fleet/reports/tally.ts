/**
 * A tally: sums only, so that tallies of weeks, robots and schools add up without loss, and what is
 * shown of several is never more than the sums say (docs/reports.md).
 */

import { z } from 'zod';
import { SESSION_ENDS, type SessionEnd } from '../../../agent/wire/fleet.ts';

export const BANDS = ['green', 'yellow', 'orange', 'red'] as const;
export type Band = (typeof BANDS)[number];

const COUNTS = [
  ...['minutes', 'sessions', 'undatedMinutes', 'undatedSessions'],
  ...['plannedMinutes', 'attendedMinutes', 'lessons', 'lessonsVisited'],
  ...['interruptions', 'pauses', 'handsRaised', 'handsAcknowledged'],
] as const;
type Count = (typeof COUNTS)[number];

/**
 * Percentiles that sessions report: latency in classes of 10 ms, loss in classes of 0.001. A spread
 * is minutes of session by the class of the session's own percentile.
 */
const SPREADS = { latencyP50: 10, latencyP95: 10, lossP50: 0.001, lossP95: 0.001 } as const;
type SpreadName = keyof typeof SPREADS;
const SPREAD_NAMES = ['latencyP50', 'latencyP95', 'lossP50', 'lossP95'] as const;
/** Minutes by the number of the class. */
export type Spread = Record<string, number>;

const Sum = z.number().nonnegative();
const sums = <K extends string>(keys: readonly K[]) => z.record(z.enum(keys as [K, ...K[]]), Sum);

export const Tally = z.looseObject({
  counts: sums(COUNTS),
  ends: sums(SESSION_ENDS),
  /** Lessons by band. */
  bands: sums(BANDS),
  spreads: z.record(z.enum(SPREAD_NAMES), z.record(z.string().regex(/^\d{1,9}$/), Sum)),
});
export type Tally = z.infer<typeof Tally>;

export function emptyTally(): Tally {
  return {
    counts: zeros(COUNTS),
    ends: zeros(SESSION_ENDS),
    bands: zeros(BANDS),
    spreads: { latencyP50: {}, latencyP95: {}, lossP50: {}, lossP95: {} },
  };
}

export function sumTallies(tallies: readonly Tally[]): Tally {
  const sum = emptyTally();
  for (const tally of tallies) {
    addTo(sum.counts, tally.counts);
    addTo(sum.ends, tally.ends);
    addTo(sum.bands, tally.bands);
    for (const name of SPREAD_NAMES) addTo(sum.spreads[name], tally.spreads[name]);
  }
  return sum;
}

/** Adds a session's percentile, as long as the session. */
export function addPercentile(tally: Tally, name: SpreadName, value: number, minutes: number) {
  const index = String(Math.min(999_999, Math.max(0, Math.floor(value / SPREADS[name] + 1e-9))));
  const spread: Spread = tally.spreads[name];
  spread[index] = (spread[index] ?? 0) + minutes;
}

/**
 * Of the share of a lesson's (or of many lessons') planned minutes that was attended: green
 * 0.95 <= s, yellow 0.80 <= s < 0.95, orange 0.50 <= s < 0.80, red s < 0.50. Minutes are rounded to
 * hundredths first, as robots report them, so that 38 of 40 minutes is 0.95 exactly.
 */
export function bandOf(attendedMinutes: number, plannedMinutes: number): Band | null {
  // In integers: 0.95 has no exact binary value.
  const attended = Math.round(attendedMinutes * 100) * 100;
  const planned = Math.round(plannedMinutes * 100);
  if (planned <= 0) return null;
  if (attended >= planned * 95) return 'green';
  if (attended >= planned * 80) return 'yellow';
  return attended >= planned * 50 ? 'orange' : 'red';
}

/** Figures as they are shown. */
export interface UsageFigures extends Readonly<Record<Count, number>> {
  readonly hours: number;
  readonly undatedHours: number;
  /** Attended part of the planned minutes, 0..1; null without a lesson. */
  readonly share: number | null;
  readonly band: Band | null;
  readonly bands: Readonly<Record<Band, number>>;
  readonly ends: Readonly<Record<SessionEnd, number>>;
  readonly latencyMs: Spreading | null;
  readonly lossRatio: Spreading | null;
}

/**
 * Robots report percentiles of each session, and the percentiles of all samples together cannot be
 * computed from those. These are percentiles of minutes: half of all minutes were in sessions whose
 * own median was at most `p50`, and 95 % in sessions whose own 95th percentile was at most `p95` (so
 * at most 9.75 % of the samples were above it). Upper edge of the class.
 */
export interface Spreading {
  readonly p50: number;
  readonly p95: number;
}

export function figuresOf(tally: Tally): UsageFigures {
  const { counts, bands, ends, spreads } = tally;
  const planned = counts.plannedMinutes;
  return {
    ...counts,
    hours: counts.minutes / 60,
    undatedHours: counts.undatedMinutes / 60,
    share: planned > 0 ? Math.min(1, counts.attendedMinutes / planned) : null,
    band: bandOf(counts.attendedMinutes, planned),
    bands,
    ends,
    latencyMs: spreading(spreads.latencyP50, spreads.latencyP95, 10),
    lossRatio: spreading(spreads.lossP50, spreads.lossP95, 0.001),
  };
}

function spreading(p50s: Spread, p95s: Spread, width: number): Spreading | null {
  const p50 = quantileOf(p50s, 0.5, width);
  const p95 = quantileOf(p95s, 0.95, width);
  return p50 === null || p95 === null ? null : { p50, p95 };
}

/** Upper edge of the class at or under which `share` of the minutes lie. */
function quantileOf(spread: Spread, share: number, width: number): number | null {
  const classes = Object.entries(spread)
    .map(([index, minutes]) => ({ index: Number(index), minutes }))
    .filter(({ minutes }) => minutes > 0)
    .sort((a, b) => a.index - b.index);
  const total = classes.reduce((sum, { minutes }) => sum + minutes, 0);
  let reached = 0;
  for (const { index, minutes } of classes) {
    reached += minutes;
    if (reached >= share * total - 1e-9) return Number(((index + 1) * width).toFixed(6));
  }
  return null;
}

function zeros<K extends string>(keys: readonly K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
}

function addTo(sum: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [key, value] of Object.entries(more)) sum[key] = (sum[key] ?? 0) + value;
}
