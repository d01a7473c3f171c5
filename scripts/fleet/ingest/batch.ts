/** From messages to one transaction: verifies what is signed, and keeps the newest of what repeats. */
import { AuditEntry } from '../../../agent/wire/audit.ts';
import { Identity, Receipt } from '../../../agent/wire/order.ts';
import { TYP } from '../../../agent/wire/signalling.ts';
import { openToken } from '../../../agent/wire/token.ts';
import type { Answer, HistoryEntry, Intake, StoredRecord } from '../store/intake-table.ts';
import type { Latest } from '../store/robot-table.ts';
import type { Received } from './messages.ts';
import type { RobotKeys } from './robot-keys.ts';

const HOUR_MS = 3_600_000;

export type BatchRefusal =
  | 'unknownRobot'
  /** Nobody vouches for the robot's key yet: it keeps its record, and comes again. */
  | 'keyUnknown'
  | 'notAuthentic'
  | 'wrongKey'
  | 'wrongRobot';

export interface Queued extends Received {
  /** By the service's wall clock, milliseconds since 1970. */
  readonly at: number;
}

/** What one message adds to the store, or why it does not count. */
export type Entry =
  | ({ readonly ok: true; readonly robot: string; readonly at: number } & Parts)
  | { readonly ok: false; readonly reason: BatchRefusal };

interface Parts {
  readonly record?: StoredRecord;
  readonly latest?: Latest;
  readonly history?: HistoryEntry;
  readonly answer?: Answer;
}

/** At once where there is nothing to verify: most messages are measurements. */
export function entryOf(queued: Queued, keys: RobotKeys): Entry | Promise<Entry> {
  if (!keys.isKnown(queued.robot)) return { ok: false, reason: 'unknownRobot' };
  const parts = partsOf(queued, keys);
  return parts instanceof Promise
    ? parts.then((some) => entryWith(queued, some))
    : entryWith(queued, parts);
}

function entryWith({ robot, at }: Queued, parts: Parts | BatchRefusal): Entry {
  return typeof parts === 'string'
    ? { ok: false, reason: parts }
    : { ok: true, robot, at, ...parts };
}

function partsOf(queued: Queued, keys: RobotKeys): Parts | Promise<Parts | BatchRefusal> {
  const { robot, message, text, at } = queued;
  const latest = (kind: Latest['kind'], body = text): Latest => ({
    ...{ robot, kind, received: at, body },
  });
  switch (message.kind) {
    case 'state': {
      const { state, since } = message.state;
      const history = { robot, kind: 'state', what: state, mark: since, at, body: text } as const;
      return { latest: latest('state'), history };
    }
    case 'telemetry': {
      const mark = Math.floor(at / HOUR_MS) * HOUR_MS;
      const history = { robot, kind: 'telemetry', what: 'hour', mark, at, body: text } as const;
      return { latest: latest('telemetry'), history };
    }
    case 'reported':
      return { latest: latest('reported') };
    case 'identity':
      return identity(robot, message.token, keys, latest);
    case 'usage':
      return { record: recordOf(queued, message.id, message.at) };
    case 'receipt':
      return receipt(queued, message, keys);
    case 'audit':
      return audit(queued, message, keys);
  }
}

async function identity(
  robot: string,
  token: string,
  keys: RobotKeys,
  latest: (kind: 'identity', body: string) => Latest,
): Promise<Parts | BatchRefusal> {
  const opened = await openToken(token, TYP.identity, Identity);
  if (!opened.ok) return 'notAuthentic';
  if (opened.payload.robot !== robot) return 'wrongRobot';
  const key = keys.of(robot);
  // Without a key to compare with it is kept with its signer, and shown once that is the robot's.
  if (key !== undefined && opened.signer !== key) return 'wrongKey';
  const { signer, payload } = opened;
  return { latest: latest('identity', JSON.stringify({ token, signer, payload })) };
}

async function receipt(
  queued: Queued,
  { id, token }: { readonly id: string; readonly token: string },
  keys: RobotKeys,
): Promise<Parts | BatchRefusal> {
  if (keys.of(queued.robot) === undefined) return 'keyUnknown';
  const opened = await openToken(token, TYP.receipt, Receipt);
  if (!opened.ok) return 'notAuthentic';
  if (!keys.accepts(queued.robot, opened.signer)) return 'wrongKey';
  const { robot, order, at, outcome, reason = null } = opened.payload;
  if (robot !== queued.robot) return 'wrongRobot';
  const record = recordOf(queued, id, Math.min(at, Number.MAX_SAFE_INTEGER));
  if (order === null) return { record };
  return { record, answer: { robot, order, outcome, reason, receipt: token, at: queued.at } };
}

async function audit(
  queued: Queued,
  { id, token }: { readonly id: string; readonly token: string },
  keys: RobotKeys,
): Promise<Parts | BatchRefusal> {
  const { robot, at } = queued;
  const opened = await openToken(token, TYP.audit, AuditEntry);
  if (!opened.ok) return 'notAuthentic';
  if (opened.payload.log !== robot) return 'wrongRobot';
  if (keys.of(robot) === undefined) await keys.learn(robot, token, at);
  if (keys.of(robot) === undefined) return 'keyUnknown';
  const { signer, payload } = opened;
  if (!keys.accepts(robot, signer)) return 'wrongKey';
  if (payload.nextKey !== undefined) await keys.rotate(robot, signer, payload.nextKey);
  return { record: recordOf(queued, id, payload.n) };
}

const recordOf = (
  { robot, message, text, at }: Queued,
  id: string,
  when: number,
): StoredRecord => ({
  ...{ robot, id, kind: message.kind as StoredRecord['kind'] },
  ...{ at: when, received: at, body: text },
});

/** Databases refuse to change one row twice in a statement: of `latest` the last one counts. */
export function intakeOf(entries: readonly (Entry & { ok: true })[]): Intake {
  const unique = <T>(
    key: (entry: T) => string,
    of: (entry: Entry & { ok: true }) => T | undefined,
  ) => {
    const found = new Map<string, T>();
    for (const entry of entries) {
      const part = of(entry);
      if (part !== undefined) found.set(key(part), part);
    }
    return [...found.values()];
  };
  return {
    records: unique(
      ({ robot, id }) => `${robot}/${id}`,
      ({ record }) => record,
    ),
    latest: unique(
      ({ robot, kind }) => `${robot}/${kind}`,
      ({ latest }) => latest,
    ),
    history: unique(
      ({ robot, kind, what, mark }) => `${robot}/${kind}/${what}/${mark}`,
      ({ history }) => history,
    ),
    answers: entries.flatMap(({ answer }) => answer ?? []),
    seen: new Map(entries.map(({ robot, at }) => [robot, at])),
  };
}
