/** What robots send: one batch of the ingest is one transaction. */
import { chunks, type Latest } from './robot-table.ts';
import { insertRows, listOf, type Row, type Sql, type Statement, sql } from './sql.ts';

export type RecordKind = 'usage' | 'receipt' | 'audit';

export interface StoredRecord {
  readonly robot: string;
  readonly id: string;
  readonly kind: RecordKind;
  /** When it happened by the robot's clock, milliseconds since 1970; of `audit` its number. */
  readonly at: number;
  readonly received: number;
  /** JSON as it came. */
  readonly body: string;
}

export type HistoryKind = 'state' | 'telemetry';

export interface HistoryEntry {
  readonly robot: string;
  readonly kind: HistoryKind;
  /** Of `state` its name. */
  readonly what: string;
  /** The robot's own mark of the event: the same from whichever service stores it. */
  readonly mark: number;
  /** When the service heard of it, milliseconds since 1970. */
  readonly at: number;
  /** JSON. */
  readonly body: string;
}

/** An answer to an order, verified. */
export interface Answer {
  readonly robot: string;
  readonly order: string;
  readonly outcome: string;
  readonly reason: string | null;
  /** The robot's token. */
  readonly receipt: string;
  readonly at: number;
}

/** At most one `latest` of a robot and kind. */
export interface Intake {
  readonly records: readonly StoredRecord[];
  readonly latest: readonly Latest[];
  readonly history: readonly HistoryEntry[];
  readonly answers: readonly Answer[];
  /** Robots that were heard, and when. */
  readonly seen: ReadonlyMap<string, number>;
}

export interface RecordQuery {
  readonly kind: RecordKind;
  readonly robots?: readonly string[];
  /** Of `at`: from <= at < until. */
  readonly from?: number;
  readonly until?: number;
  readonly after?: RecordCursor;
  readonly limit: number;
}

/** The last one of the page before. */
export interface RecordCursor {
  readonly at: number;
  readonly robot: string;
  readonly id: string;
}

const ROWS = 200;

export class IntakeTable {
  constructor(private readonly sql: Sql) {}

  /** Stores all of it or nothing; resolves, when it is on disk, with the records that were new. */
  async store(intake: Intake): Promise<{ readonly fresh: readonly string[] }> {
    const records = chunks(intake.records, ROWS).map(recordInsert);
    const others = [
      ...chunks(intake.latest, ROWS).map(latestUpsert),
      ...chunks(intake.history, ROWS).map(historyInsert),
      ...intake.answers.map(answerUpdate),
      ...seenUpdates(intake.seen),
    ];
    if (records.length + others.length === 0) return { fresh: [] };
    const results = await this.sql.batch([...records, ...others]);
    const fresh = results.slice(0, records.length).flat();
    return { fresh: fresh.map(({ robot, id }) => `${robot}/${id}`) };
  }

  /** In order of `at`, then robot and id. */
  async records(query: RecordQuery): Promise<readonly StoredRecord[]> {
    const { kind, robots, from = 0, until = Number.MAX_SAFE_INTEGER, after, limit } = query;
    if (robots?.length === 0) return [];
    const among = robots ? `and robot in ${listOf(robots)}` : '';
    const cursor = after ? 'and (at, robot, id) > (?, ?, ?)' : '';
    const rows = await this.sql.all(
      sql(
        `select * from records where kind = ? and at >= ? and at < ? ${among} ${cursor}
          order by at, robot, id limit ?`,
        ...[kind, from, until, ...(robots ?? [])],
        ...(after ? [after.at, after.robot, after.id] : []),
        limit,
      ),
    );
    return rows.map(recordOf);
  }

  async countRecords(): Promise<number> {
    const [row] = await this.sql.all(sql('select count(*) as n from records'));
    return Number(row?.n);
  }

  /** Newest first. */
  async history(
    robot: string,
    { before = Number.MAX_SAFE_INTEGER, limit }: { before?: number; limit: number },
  ): Promise<readonly HistoryEntry[]> {
    const text = 'select * from history where robot = ? and at < ? order by at desc limit ?';
    return (await this.sql.all(sql(text, robot, before, limit))).map(historyOf);
  }

  /** Removes history that is older; records stay for ever. */
  async dropHistory(kind: HistoryKind, olderThan: number): Promise<void> {
    await this.sql.batch([sql('delete from history where kind = ? and at < ?', kind, olderThan)]);
  }

  /** The newest `keep` rows of a kind remain. */
  async limitHistory(kind: HistoryKind, keep: number): Promise<void> {
    const text = `delete from history where kind = ? and at <
      (select min(at) from (select at from history where kind = ? order by at desc limit ?) newest)`;
    await this.sql.batch([sql(text, kind, kind, keep)]);
  }
}

function recordInsert(records: readonly StoredRecord[]): Statement {
  const rows = records.map(({ robot, id, kind, at, received, body }) => [
    ...[robot, id, kind, Math.round(at), received, body],
  ]);
  const columns = ['robot', 'id', 'kind', 'at', 'received', 'body'];
  const tail = 'on conflict (robot, id) do nothing returning robot, id';
  return insertRows({ table: 'records', columns }, rows, tail);
}

function latestUpsert(latest: readonly Latest[]): Statement {
  const rows = latest.map(({ robot, kind, received, body }) => [robot, kind, received, body]);
  const tail = `on conflict (robot, kind) do update set received = excluded.received,
    body = excluded.body where excluded.received >= latest.received`;
  const columns = ['robot', 'kind', 'received', 'body'];
  return insertRows({ table: 'latest', columns }, rows, tail);
}

function historyInsert(history: readonly HistoryEntry[]): Statement {
  const rows = history.map(({ robot, kind, what, mark, at, body }) => [
    ...[robot, kind, what, Math.round(mark), at, body],
  ]);
  const columns = ['robot', 'kind', 'what', 'mark', 'at', 'body'];
  const tail = 'on conflict (robot, kind, what, mark) do nothing';
  return insertRows({ table: 'history', columns }, rows, tail);
}

/** The first answer stays; but `replayed` says that another one, of the first time, is on its way. */
function answerUpdate({ robot, order, outcome, reason, receipt, at }: Answer): Statement {
  const text = `update orders set outcome = ?, reason = ?, receipt = ?, answered = ?
    where robot = ? and id = ? and (outcome is null or reason = 'replayed')`;
  return sql(text, outcome, reason, receipt, at, robot, order);
}

/** One statement for all that were heard at about the same time: the exact moment is not worth more. */
function seenUpdates(seen: ReadonlyMap<string, number>): Statement[] {
  const robots = [...seen.keys()];
  const at = Math.max(0, ...seen.values());
  return chunks(robots, ROWS).map((some) =>
    sql(`update robots set seen = ? where id in ${listOf(some)}`, at, ...some),
  );
}

export const recordOf = (row: Row): StoredRecord => ({
  ...{ robot: String(row.robot), id: String(row.id), kind: String(row.kind) as RecordKind },
  ...{ at: Number(row.at), received: Number(row.received), body: String(row.body) },
});

const historyOf = (row: Row): HistoryEntry => ({
  ...{ robot: String(row.robot), kind: String(row.kind) as HistoryKind, what: String(row.what) },
  ...{ mark: Number(row.mark), at: Number(row.at), body: String(row.body) },
});
