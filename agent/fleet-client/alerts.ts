/**
 * Alerts of a fleet as a value: `alertsOf(rows, previous, nowMs)`. The same trouble is the same
 * alert, from its first moment to an hour after its last: what comes and goes alerts once. What
 * somebody acknowledged stays so while the trouble lasts.
 */
import { z } from 'zod';
import { RobotId } from '../wire/topics.ts';
import { ALERT_KINDS, SEVERITIES, type Trouble, troublesOf } from './alert-rules.ts';
import type { RobotRow } from './robot-row.ts';

/** An alert ends when its trouble has been gone this long. */
export const CALM_MS = 3_600_000;

/** Milliseconds since 1970, as all times here. */
const ms = z.number();

export const Acknowledgement = z.object({
  /** Thumbprint of the person's key, or the name of the person's grant. */
  by: z.string().min(1).max(80),
  at: ms,
  note: z.string().max(500),
  /** It counts no longer then. */
  until: ms.exactOptional(),
});
export type Acknowledgement = z.infer<typeof Acknowledgement>;

export const Alert = z.object({
  /** `robot/kind` or `robot/kind:about`: one trouble of one robot has one. */
  id: z.string().max(120),
  robot: RobotId,
  kind: z.enum(ALERT_KINDS),
  /** A fault code, or a section of settings. */
  about: z.string().max(40).exactOptional(),
  severity: z.enum(SEVERITIES),
  sinceMs: ms,
  /** When the trouble was seen last; it may be over since. */
  lastMs: ms,
  facts: z.object({
    batteryPercent: z.number().exactOptional(),
    hours: z.number().exactOptional(),
    days: z.number().exactOptional(),
    diskFreeMB: z.number().exactOptional(),
    code: z.string().max(40).exactOptional(),
    times: z.number().exactOptional(),
    section: z.string().max(20).exactOptional(),
    reason: z.string().max(300).exactOptional(),
  }),
  acknowledged: Acknowledgement.exactOptional(),
});
export type Alert = z.infer<typeof Alert>;

/** The open alerts, by id. Those of robots that left the fleet end. */
export function alertsOf(
  rows: readonly RobotRow[],
  previous: readonly Alert[],
  nowMs: number,
): Alert[] {
  const before = new Map(previous.map((alert) => [alert.id, alert]));
  return rows.flatMap((row) => alertsOfRow(row, before, nowMs)).sort(byId);
}

const byId = (a: Alert, b: Alert): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

function idOf(robot: string, { kind, about }: Pick<Trouble, 'kind' | 'about'>): string {
  return about === undefined ? `${robot}/${kind}` : `${robot}/${kind}:${about}`;
}

function alertsOfRow(
  row: RobotRow,
  before: ReadonlyMap<string, Alert>,
  nowMs: number,
): readonly Alert[] {
  const raised = (kind: Trouble['kind'], about?: string): boolean =>
    before.has(idOf(row.id, { kind, ...(about !== undefined && { about }) }));
  const present = troublesOf(row, nowMs, raised).map((trouble) => {
    const id = idOf(row.id, trouble);
    return withTrouble(before.get(id), { ...trouble, id, robot: row.id }, nowMs);
  });
  const ids = new Set(present.map(({ id }) => id));
  const calming = [...before.values()].filter(
    ({ robot, id, lastMs }) => robot === row.id && !ids.has(id) && nowMs - lastMs < CALM_MS,
  );
  return [...present, ...calming.map((alert) => withoutOld(alert, nowMs))];
}

function withTrouble(
  before: Alert | undefined,
  trouble: Trouble & Pick<Alert, 'id' | 'robot'>,
  nowMs: number,
): Alert {
  const sinceMs = before?.sinceMs ?? trouble.sinceMs ?? nowMs;
  const alert: Alert = { ...trouble, sinceMs, lastMs: Math.max(before?.lastMs ?? nowMs, nowMs) };
  const acknowledged = before?.acknowledged;
  // Who has seen to a notice has not seen that it became a warning.
  if (!acknowledged || isWorse(alert, before)) return alert;
  return withoutOld({ ...alert, acknowledged }, nowMs);
}

const isWorse = (now: Alert, before: Alert): boolean =>
  SEVERITIES.indexOf(now.severity) > SEVERITIES.indexOf(before.severity);

function withoutOld(alert: Alert, nowMs: number): Alert {
  const { acknowledged, ...rest } = alert;
  return acknowledged?.until !== undefined && acknowledged.until <= nowMs ? rest : alert;
}

export type Acknowledged =
  | { readonly ok: true; readonly alerts: readonly Alert[] }
  /** `over`: there is no such alert, or no more. */
  | { readonly ok: false; readonly reason: 'over' | 'malformed' };

/** The latest word counts. */
export function acknowledge(
  alerts: readonly Alert[],
  id: string,
  said: Acknowledgement,
): Acknowledged {
  const acknowledged = Acknowledgement.safeParse(said).data;
  if (!acknowledged) return { ok: false, reason: 'malformed' };
  if (!alerts.some((alert) => alert.id === id)) return { ok: false, reason: 'over' };
  return {
    ok: true,
    alerts: alerts.map((alert) => (alert.id === id ? { ...alert, acknowledged } : alert)),
  };
}
