/** Messages of robots, and rows made of them, for tests. */
import type { StateMessage, Telemetry, UsageRecord } from '../../wire/fleet.ts';
import type { TimeMark } from '../../wire/time-mark.ts';
import type { RobotRow } from '../robot-row.ts';
import { newRow, withState, withTelemetry } from '../row-folds.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** Tuesday 2026-12-01, 12:00 UTC. */
export const NOON = Date.UTC(2026, 11, 1, 12);
/** When the boot of these marks was. */
const BOOTED = NOON - DAY;

/** Of the boot a day before NOON. */
export const markAt = (atMs: number, trust: TimeMark['trust'] = 'sure'): TimeMark => ({
  ...{ boot: 'b1', monotonicMs: atMs - BOOTED, trust, source: 'ntp' },
});

export const said = (atMs: number, more: Partial<StateMessage> = {}): StateMessage => ({
  ...{ state: 'ready', faults: [], version: '0.3.1', since: atMs, clock: markAt(atMs) },
  ...more,
});

export const measuredAt = (atMs: number, more: Partial<Telemetry> = {}): Telemetry => ({
  ...{ robot: 'av-1', at: atMs, clock: markAt(atMs), upSeconds: 60, batteryPercent: 80 },
  ...{ charging: false, batteryLevel: 'good', heatLevel: 'good', diskFreeMB: 5_000 },
  ...{ computerC: 50, servoC: 30, faults: [], refused: {} },
  ...more,
});

export const usedAt = (endMs: number): UsageRecord => ({
  ...{ id: '0'.repeat(32), robot: 'av-1', start: endMs - HOUR, end: endMs, minutes: 60 },
  ...{ clock: markAt(endMs - HOUR), why: 'hangUp', pauses: 0, interruptions: 0 },
  ...{ handsRaised: 0, handsAcknowledged: 0, videoLatencyMs: null, lossRatio: null },
});

interface Said {
  readonly id?: string;
  readonly state?: Partial<StateMessage>;
  readonly telemetry?: Partial<Telemetry>;
  /** When both were said. */
  readonly atMs?: number;
  readonly lostMs?: number;
}

/** A robot of school `norra` that said these. */
export function rowOf({ id = 'av-1', state, telemetry, atMs = NOON, lostMs }: Said = {}): RobotRow {
  const arrival = { receivedMs: atMs };
  let row = newRow(id, { school: 'norra', addedMs: NOON - 100 * DAY });
  row = withState(row, said(atMs, state), arrival);
  row = withTelemetry(row, measuredAt(atMs, telemetry), arrival);
  return lostMs === undefined
    ? row
    : withState(row, said(atMs, { state: 'lost' }), { receivedMs: lostMs });
}
