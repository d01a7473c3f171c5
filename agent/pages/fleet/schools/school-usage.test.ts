import { expect, it } from 'vitest';
import type { UsageRecord } from '../../../wire/fleet.ts';
import { usageBySchool, usageFrom, WEEKS } from './school-usage.ts';

const NOW = Date.UTC(2026, 10, 27, 12);
const HOUR = 3_600_000;

const record = (robot: string, start: number, more: Partial<UsageRecord> = {}): UsageRecord => ({
  ...{ id: '0'.repeat(32), robot, start, end: start + HOUR, minutes: 60, why: 'hangUp', pauses: 0 },
  ...{ handsRaised: 0, handsAcknowledged: 0, interruptions: 0 },
  ...{ videoLatencyMs: null, lossRatio: null },
  ...more,
});
const attended = (lesson: string, attendedMinutes: number) => ({
  lessons: [{ lesson, plannedMinutes: 60, attendedMinutes }],
});

it('counts hours by week, and a lesson of several sessions once', () => {
  const records = [
    record('a', NOW - HOUR, attended('x', 30)),
    record('a', NOW - HOUR / 2, attended('x', 28)),
    record('b', usageFrom(NOW), attended('x', 30)),
    record('b', usageFrom(NOW) - 1),
    record('stranger', NOW - HOUR),
  ];
  const schoolOf = (robot: string) => (robot === 'stranger' ? undefined : 'norra');
  const usage = usageBySchool(records, schoolOf, NOW).get('norra');
  expect(usage?.hours).toHaveLength(WEEKS);
  expect([usage?.hours[0], usage?.hours.at(-1)]).toEqual([1, 2]);
  expect(usage?.bands).toEqual({ high: 1, good: 0, half: 1, low: 0 });
  expect(usage?.robots).toBe(2);
});
