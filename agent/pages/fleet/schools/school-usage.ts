/** Use of schools by week, of usage records. Pure. */
import type { UsageRecord } from '../../../wire/fleet.ts';

export const WEEKS = 8;
const WEEK_MS = 7 * 86_400_000;
/** A smaller group is shown only inside its school. */
export const SMALL_GROUP = 5;

export const BANDS = ['high', 'good', 'half', 'low'] as const;
export type Band = (typeof BANDS)[number];
/** Least share of each band. */
const LEAST: Readonly<Record<Band, number>> = { high: 0.95, good: 0.8, half: 0.5, low: 0 };

export interface SchoolUsage {
  /** Hours of each week, the oldest first. */
  readonly hours: readonly number[];
  /** Lessons by the attended share. */
  readonly bands: Readonly<Record<Band, number>>;
  /** Robots with a lesson: no fewer than pupils are behind it. */
  readonly robots: number;
}

export const usageFrom = (nowMs: number): number => nowMs - WEEKS * WEEK_MS;

/** By school; records of robots in none are passed over. */
export function usageBySchool(
  records: readonly UsageRecord[],
  schoolOf: (robot: string) => string | undefined,
  nowMs: number,
): ReadonlyMap<string, SchoolUsage> {
  const schools = new Map<string, UsageRecord[]>();
  for (const record of records) {
    const school = schoolOf(record.robot);
    if (school === undefined) continue;
    const of = schools.get(school) ?? [];
    of.push(record);
    schools.set(school, of);
  }
  return new Map([...schools].map(([school, of]) => [school, usageOf(of, nowMs)]));
}

function usageOf(records: readonly UsageRecord[], nowMs: number): SchoolUsage {
  const hours = Array.from({ length: WEEKS }, () => 0);
  const from = usageFrom(nowMs);
  /** A lesson may be spread over several sessions. */
  const lessons = new Map<string, { planned: number; attended: number }>();
  for (const { robot, start, minutes, lessons: held = [] } of records) {
    const week = Math.floor((start - from) / WEEK_MS);
    if (week >= 0 && week < WEEKS) hours[week] = (hours[week] ?? 0) + minutes / 60;
    for (const { lesson, plannedMinutes, attendedMinutes } of held) {
      const key = `${robot} ${lesson}`;
      const attended = (lessons.get(key)?.attended ?? 0) + attendedMinutes;
      lessons.set(key, { planned: plannedMinutes, attended });
    }
  }
  const bands = { high: 0, good: 0, half: 0, low: 0 };
  for (const { planned, attended } of lessons.values())
    if (planned > 0) bands[bandOf(attended / planned)]++;
  return { hours, bands, robots: new Set(records.map(({ robot }) => robot)).size };
}

const bandOf = (share: number): Band => BANDS.find((band) => share >= LEAST[band]) ?? 'low';
