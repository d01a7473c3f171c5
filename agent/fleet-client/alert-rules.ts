/** What troubles raise an alert. In words: alert-words.ts. */
import { isOffline, type RobotRow, stateOf } from './robot-row.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** `notice`: soon; `warning`: today; `critical`: now. */
export const SEVERITIES = ['notice', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface AlertFacts {
  readonly batteryPercent?: number;
  /** Hours of lessons on one charge. */
  readonly hours?: number;
  readonly days?: number;
  readonly diskFreeMB?: number;
  readonly code?: string;
  readonly times?: number;
  readonly section?: string;
  readonly reason?: string;
}

export interface Trouble {
  readonly kind: AlertKind;
  /** What it is about, where one robot can have several of a kind: a fault code, a section. */
  readonly about?: string;
  readonly severity: Severity;
  /** Since when as far as the row knows, milliseconds since 1970. */
  readonly sinceMs?: number;
  readonly facts: AlertFacts;
}

export const ALERT_KINDS = [
  'offline',
  'batteryLow',
  'batteryWorn',
  'certificateEnds',
  'unused',
  'diskFull',
  'repeatedFault',
  'clockUnsure',
  'hotOften',
  'settingsRejected',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/**
 * What counts as trouble. Where there are two numbers, the first raises an alert, the second is
 * where an alert that is raised ends, so that a value between them neither raises nor ends one.
 */
export const LIMITS = {
  /** Lost, or never back from a restart: three days, as a weekend is none. */
  offlineMs: 3 * DAY_MS,
  batteryPercent: [20, 30],
  /** Lessons that a full battery lasts, by what lessons used so far. */
  batteryHours: [3, 3.5],
  /** Less is no figure. */
  wearHours: 2,
  /** Days before its end: notice, warning, critical. */
  certificateDays: [30, 7, 1],
  unusedMs: 14 * DAY_MS,
  diskFreeMB: [500, 750],
  diskCriticalMB: 100,
  /** Times within a week. */
  faults: 3,
  hot: 3,
  withinMs: 7 * DAY_MS,
  clockMs: DAY_MS,
} as const;

/** `raised`: an alert of that kind (and subject) is open, so that the second limit holds. */
export function troublesOf(
  row: RobotRow,
  nowMs: number,
  raised: (kind: AlertKind, about?: string) => boolean,
): Trouble[] {
  return [
    ...offline(row, nowMs),
    ...battery(row, raised),
    ...worn(row, raised),
    ...certificate(row, nowMs),
    ...unused(row, nowMs),
    ...disk(row, raised),
    ...faults(row, nowMs),
    ...clock(row, nowMs),
    ...hot(row, nowMs),
    ...settings(row),
  ];
}

type Raised = (kind: AlertKind, about?: string) => boolean;

const one = (when: boolean, trouble: Trouble): Trouble[] => (when ? [trouble] : []);

/** Switched off in good order is no trouble. */
function offline(row: RobotRow, nowMs: number): Trouble[] {
  const { state, sinceMs = row.addedMs } = stateOf(row) ?? {};
  if (!isOffline(row) || sinceMs === undefined) return [];
  if (state === 'disconnected' && row.own?.cause !== 'restart' && row.own?.cause !== 'update')
    return [];
  const days = Math.floor((nowMs - sinceMs) / DAY_MS);
  const long = nowMs - sinceMs >= LIMITS.offlineMs;
  return one(long, { kind: 'offline', severity: 'warning', sinceMs, facts: { days } });
}

/** A robot that is away tells nothing of its charge. */
function battery(row: RobotRow, raised: Raised): Trouble[] {
  const { measured } = row;
  if (measured?.charging !== false || isOffline(row)) return [];
  const { batteryPercent, batteryLevel } = measured;
  const limit = LIMITS.batteryPercent[raised('batteryLow') ? 1 : 0];
  const low = batteryPercent <= limit || batteryLevel === 'critical' || batteryLevel === 'empty';
  const severity = batteryPercent <= 10 ? 'critical' : 'warning';
  return one(low, { kind: 'batteryLow', severity, facts: { batteryPercent } });
}

/** Of consumption, not of capacity: a hot room or a loud class counts too. */
function worn({ wear }: RobotRow, raised: Raised): Trouble[] {
  if (!wear || wear.hours < LIMITS.wearHours || wear.percent <= 0) return [];
  const hours = (100 * wear.hours) / wear.percent;
  const limit = LIMITS.batteryHours[raised('batteryWorn') ? 1 : 0];
  const rounded = Math.round(hours * 10) / 10;
  return one(hours < limit, { kind: 'batteryWorn', severity: 'notice', facts: { hours: rounded } });
}

function certificate({ measured }: RobotRow, nowMs: number): Trouble[] {
  const until = measured?.certificateUntilMs;
  if (until === undefined) return [];
  const left = (until - nowMs) / DAY_MS;
  const [notice, warning, critical] = LIMITS.certificateDays;
  const severity = left <= critical ? 'critical' : left <= warning ? 'warning' : 'notice';
  const sinceMs = until - notice * DAY_MS;
  const facts = { days: Math.max(0, Math.ceil(left)) };
  return one(left <= notice, { kind: 'certificateEnds', severity, sinceMs, facts });
}

/** Its plan runs: somebody has it, and its timetable has lessons to come. */
function unused(row: RobotRow, nowMs: number): Trouble[] {
  const { measured, lastUsedMs, addedMs } = row;
  const sinceMs = lastUsedMs ?? addedMs;
  const runs = typeof measured?.nextLessonMs === 'number' && (measured.devices ?? 0) > 0;
  if (!runs || sinceMs === undefined) return [];
  const facts = { days: Math.floor((nowMs - sinceMs) / DAY_MS) };
  const long = nowMs - sinceMs >= LIMITS.unusedMs;
  return one(long, { kind: 'unused', severity: 'notice', sinceMs, facts });
}

function disk({ measured }: RobotRow, raised: Raised): Trouble[] {
  const diskFreeMB = measured?.diskFreeMB;
  if (diskFreeMB === undefined) return [];
  const severity = diskFreeMB < LIMITS.diskCriticalMB ? 'critical' : 'warning';
  const full = diskFreeMB < LIMITS.diskFreeMB[raised('diskFull') ? 1 : 0];
  return one(full, { kind: 'diskFull', severity, facts: { diskFreeMB } });
}

function faults({ faultsCame = [] }: RobotRow, nowMs: number): Trouble[] {
  const recent = faultsCame.filter(({ atMs }) => nowMs - atMs < LIMITS.withinMs);
  return [...new Set(recent.map(({ code }) => code))].flatMap((code) => {
    const times = recent.filter((came) => came.code === code);
    const facts = { code, times: times.length };
    const sinceMs = Math.min(...times.map(({ atMs }) => atMs));
    const trouble = { kind: 'repeatedFault', about: code, severity: 'warning' } as const;
    return one(times.length >= LIMITS.faults, { ...trouble, sinceMs, facts });
  });
}

function clock({ clockUnsureMs }: RobotRow, nowMs: number): Trouble[] {
  if (clockUnsureMs === undefined) return [];
  const long = nowMs - clockUnsureMs >= LIMITS.clockMs;
  const trouble = { kind: 'clockUnsure', severity: 'warning', facts: {} } as const;
  return one(long, { ...trouble, sinceMs: clockUnsureMs });
}

function hot({ hotMs = [] }: RobotRow, nowMs: number): Trouble[] {
  const recent = hotMs.filter((atMs) => nowMs - atMs < LIMITS.withinMs);
  const trouble = { kind: 'hotOften', severity: 'warning' } as const;
  const facts = { times: recent.length };
  return one(recent.length >= LIMITS.hot, { ...trouble, sinceMs: Math.min(...recent), facts });
}

function settings({ settings }: RobotRow): Trouble[] {
  return Object.entries(settings?.sections ?? {}).flatMap(([section, { state, reason }]) =>
    one(state === 'rejected', {
      ...({ kind: 'settingsRejected', about: section, severity: 'warning' } as const),
      facts: { section, ...(reason !== undefined && { reason }) },
    }),
  );
}
