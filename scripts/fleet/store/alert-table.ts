/** Alerts, and who has seen to them. */
import { numberOf, textOf } from './robot-table.ts';
import { listOf, type Row, type Sql, sql } from './sql.ts';

export interface NewAlert {
  readonly robot: string;
  readonly kind: string;
  /** JSON: what is behind it. */
  readonly body: string;
}

export interface StoredAlert extends NewAlert {
  /** Milliseconds since 1970, as all times here. */
  readonly since: number;
  readonly cleared: number | null;
  readonly acknowledged: number | null;
  /** Thumbprint of the person's key. */
  readonly acknowledgedBy: string | null;
  readonly note: string | null;
}

interface AlertKey {
  readonly robot: string;
  readonly kind: string;
  readonly since: number;
}

export class AlertTable {
  constructor(private readonly sql: Sql) {}

  /** Makes the open alerts these: raises what is new, renews what lasts, clears what is gone. */
  async replaceOpen(alerts: readonly NewAlert[], now: number): Promise<void> {
    const open = await this.list({ open: true, limit: Number.MAX_SAFE_INTEGER });
    const keyOf = ({ robot, kind }: NewAlert): string => `${robot}/${kind}`;
    const [wanted, had] = [new Set(alerts.map(keyOf)), new Set(open.map(keyOf))];
    const raise = alerts
      .filter((alert) => !had.has(keyOf(alert)))
      .map(({ robot, kind, body }) =>
        sql(
          `insert into alerts (robot, kind, since, body) values (?, ?, ?, ?)
            on conflict (robot, kind, since) do nothing`,
          ...[robot, kind, now, body],
        ),
      );
    const bodies = new Map(alerts.map((alert) => [keyOf(alert), alert.body]));
    const renew = open
      .filter((alert) => (bodies.get(keyOf(alert)) ?? alert.body) !== alert.body)
      .map((alert) =>
        sql(
          'update alerts set body = ? where robot = ? and kind = ? and since = ?',
          ...[bodies.get(keyOf(alert)) ?? '', alert.robot, alert.kind, alert.since],
        ),
      );
    const clear = open
      .filter((alert) => !wanted.has(keyOf(alert)))
      .map(({ robot, kind, since }) =>
        sql(
          'update alerts set cleared = ? where robot = ? and kind = ? and since = ?',
          ...[now, robot, kind, since],
        ),
      );
    const changes = [...raise, ...renew, ...clear];
    if (changes.length > 0) await this.sql.batch(changes);
  }

  /** Newest first. */
  async list(query: {
    readonly robots?: readonly string[];
    readonly open?: boolean;
    readonly before?: number;
    readonly limit: number;
  }): Promise<readonly StoredAlert[]> {
    const { robots, open = false, before = Number.MAX_SAFE_INTEGER, limit } = query;
    if (robots?.length === 0) return [];
    const among = robots ? `and robot in ${listOf(robots)}` : '';
    const text = `select * from alerts where since < ? ${among} ${open ? 'and cleared is null' : ''}
      order by since desc, robot, kind limit ?`;
    return (await this.sql.all(sql(text, before, ...(robots ?? []), limit))).map(alertOf);
  }

  /** False when there is no such alert. Who was first stays. */
  async acknowledge(
    { robot, kind, since }: AlertKey,
    by: { readonly key: string; readonly note: string | null; readonly at: number },
  ): Promise<boolean> {
    const text = `update alerts set acknowledged = coalesce(acknowledged, ?),
      acknowledged_by = coalesce(acknowledged_by, ?), note = coalesce(note, ?)
      where robot = ? and kind = ? and since = ? returning robot`;
    const values = [by.at, by.key, by.note, robot, kind, since];
    const [rows = []] = await this.sql.batch([sql(text, ...values)]);
    return rows.length > 0;
  }

  /** Forgets what was cleared before then. */
  async dropCleared(before: number): Promise<void> {
    await this.sql.batch([sql('delete from alerts where cleared < ?', before)]);
  }
}

const alertOf = (row: Row): StoredAlert => ({
  ...{ robot: String(row.robot), kind: String(row.kind), since: Number(row.since) },
  ...{ body: String(row.body), cleared: numberOf(row.cleared) },
  ...{ acknowledged: numberOf(row.acknowledged), acknowledgedBy: textOf(row.acknowledged_by) },
  note: textOf(row.note),
});
