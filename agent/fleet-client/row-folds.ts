/**
 * Folds what a robot says into its row: pure, and repeating a message changes nothing. An older
 * message that arrives late is passed over: within one boot by the monotonic clock, between boots by
 * wall clock if both are trusted, else by arrival.
 */
import type { StateMessage, Telemetry, UsageRecord } from '../wire/fleet.ts';
import type { Reported } from '../wire/settings.ts';
import type { TimeMark } from '../wire/time-mark.ts';
import { BATTERY_LEVELS, HEAT_LEVELS, isInLesson, type Mark, type RobotRow } from './robot-row.ts';

/** How a message came to the fleet. */
export interface Arrival {
  /** By the receiver's clock, milliseconds since 1970. */
  readonly receivedMs: number;
  /** From the broker's memory: no sign that the robot is there now. */
  readonly retained?: boolean;
}

/** Longer between two measurements: nobody knows what happened meanwhile. */
const GAP_MS = 10 * 60_000;
/** Then the older half is forgotten. */
const WEAR_HOURS = 20;
const MAX_HOT = 5;
const MAX_FAULTS_CAME = 16;

export const newRow = (
  id: string,
  known: Pick<RobotRow, 'name' | 'school' | 'addedMs'> = {},
): RobotRow => ({ ...known, id });

export function withState(row: RobotRow, message: StateMessage, arrival: Arrival): RobotRow {
  const { receivedMs } = arrival;
  // The last will was written when the connection began: only its arrival dates it.
  if (message.state === 'lost')
    return { ...row, lostMs: Math.max(row.lostMs ?? receivedMs, receivedMs) };
  const mark = markOf(message.since, message.clock, arrival);
  const { state, version, faults, doing, cause } = message;
  const seen = withSeen(row, mark, arrival);
  if (row.own && !isNewer(mark, row.own.mark)) return seen;
  const own = {
    ...{ mark, state, version, faults: [...faults] },
    ...(doing !== undefined && { doing }),
    ...(cause !== undefined && { cause }),
  };
  return { ...withFaults(seen, row.own?.faults, faults, receivedMs), own };
}

export function withTelemetry(row: RobotRow, message: Telemetry, arrival: Arrival): RobotRow {
  const mark = markOf(message.at, message.clock, arrival);
  const seen = withSeen(row, mark, arrival);
  if (row.measured && !isNewer(mark, row.measured.mark)) return seen;
  const measured = measuredOf(message, mark);
  const dated = withClock(seen, message.clock, arrival);
  return { ...withHeat(withWear(dated, measured), measured), measured };
}

export function withReported(row: RobotRow, message: Reported, arrival: Arrival): RobotRow {
  const mark = markOf(message.at, undefined, arrival);
  const seen = withSeen(row, mark, arrival);
  if (row.settings && !isNewer(mark, row.settings.mark)) return seen;
  const sections = Object.entries(message.sections).map(
    ([section, { version, state, tried, reason }]) => [
      section,
      {
        ...{ version, state },
        ...(tried !== undefined && { tried }),
        ...(reason !== undefined && { reason }),
      },
    ],
  );
  return { ...seen, settings: { mark, sections: Object.fromEntries(sections) } };
}

/** Records come late: a usage record does not say that the robot is there. */
export function withUsage(row: RobotRow, record: UsageRecord, { receivedMs }: Arrival): RobotRow {
  const trusted = isTrusted(record.clock);
  const endMs = trusted ? Math.min(record.end, receivedMs) : receivedMs;
  return { ...row, lastUsedMs: Math.max(row.lastUsedMs ?? endMs, endMs) };
}

const isTrusted = (clock: TimeMark | undefined): boolean =>
  clock?.trust === 'agreed' || clock?.trust === 'sure';

function markOf(atMs: number, clock: TimeMark | undefined, { receivedMs }: Arrival): Mark {
  return {
    ...{ atMs, receivedMs, trusted: isTrusted(clock) },
    ...(clock && { boot: clock.boot, monotonicMs: clock.monotonicMs }),
  };
}

/** Equal marks: a robot that comes back says again what it said. */
function isNewer(a: Mark, b: Mark): boolean {
  if (a.boot !== undefined && a.boot === b.boot && a.monotonicMs !== b.monotonicMs)
    return (a.monotonicMs ?? 0) > (b.monotonicMs ?? 0);
  if (a.boot !== b.boot && a.trusted && b.trusted && a.atMs !== b.atMs) return a.atMs > b.atMs;
  return a.receivedMs >= b.receivedMs;
}

/** Of the broker's memory the robot's own, trusted date counts, and no later than now. */
function withSeen(row: RobotRow, mark: Mark, { receivedMs, retained }: Arrival): RobotRow {
  if (retained && !mark.trusted) return row;
  const seenMs = retained ? Math.min(mark.atMs, receivedMs) : receivedMs;
  return { ...row, seenMs: Math.max(row.seenMs ?? seenMs, seenMs) };
}

/** A robot without marks, as an old one, says nothing of its clock. */
function withClock(row: RobotRow, clock: TimeMark | undefined, arrival: Arrival): RobotRow {
  if (!clock || arrival.retained) return row;
  const { clockUnsureMs: before, ...rest } = row;
  if (isTrusted(clock)) return before !== undefined && arrival.receivedMs >= before ? rest : row;
  return { ...row, clockUnsureMs: before ?? arrival.receivedMs };
}

type Measured = NonNullable<RobotRow['measured']>;

function measuredOf(message: Telemetry, mark: Mark): Measured {
  const { signal, certificateUntil, nextLesson, clock } = message;
  const batteryLevel = BATTERY_LEVELS.find((level) => level === message.batteryLevel);
  const heatLevel = HEAT_LEVELS.find((level) => level === message.heatLevel);
  const { charging, diskFreeMB, devices, phase, lastStop } = message;
  const { batteryPercent, computerC, servoC } = message;
  return {
    ...{ mark, batteryPercent, computerC, servoC },
    ...defined({ batteryLevel, heatLevel, charging, diskFreeMB, devices, phase, lastStop }),
    ...defined({ network: signal?.network, dBm: signal?.dBm, trust: clock?.trust }),
    ...defined({ certificateUntilMs: certificateUntil, nextLessonMs: nextLesson }),
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Absent rather than undefined: the row travels as JSON. */
function defined<T extends object>(fields: T): Defined<T> {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as Defined<T>;
}

/** Only spans in class, on battery at both ends, and short enough to be one span. */
function withWear(row: RobotRow, to: Measured): RobotRow {
  const from = row.measured;
  if (!from || from.mark.boot === undefined || from.mark.boot !== to.mark.boot) return row;
  const spanMs = (to.mark.monotonicMs ?? 0) - (from.mark.monotonicMs ?? 0);
  const lost = from.batteryPercent - to.batteryPercent;
  const onBattery = from.charging === false && to.charging === false && lost >= 0;
  if (!onBattery || !wasInLesson(row, from.mark) || !(spanMs > 0 && spanMs <= GAP_MS)) return row;
  const { percent = 0, hours = 0 } = row.wear ?? {};
  const wear = { percent: percent + lost, hours: hours + spanMs / 3_600_000 };
  const kept = wear.hours > WEAR_HOURS ? 0.5 : 1;
  return { ...row, wear: { percent: wear.percent * kept, hours: wear.hours * kept } };
}

/** In class now, and already at that mark. */
function wasInLesson(row: RobotRow, { boot, monotonicMs = 0 }: Mark): boolean {
  const since = row.own?.mark;
  return isInLesson(row) && since?.boot === boot && (since?.monotonicMs ?? 0) <= monotonicMs;
}

const isHot = (level: string | undefined): boolean => level === 'hot' || level === 'critical';

function withHeat(row: RobotRow, { heatLevel, mark }: Measured): RobotRow {
  if (!isHot(heatLevel) || isHot(row.measured?.heatLevel)) return row;
  return { ...row, hotMs: [...(row.hotMs ?? []), mark.receivedMs].slice(-MAX_HOT) };
}

function withFaults(
  row: RobotRow,
  before: readonly string[] = [],
  now: readonly string[],
  atMs: number,
): RobotRow {
  const came = now.filter((code) => !before.includes(code)).map((code) => ({ code, atMs }));
  if (came.length === 0) return row;
  return { ...row, faultsCame: [...(row.faultsCame ?? []), ...came].slice(-MAX_FAULTS_CAME) };
}
