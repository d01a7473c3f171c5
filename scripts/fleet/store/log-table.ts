/** The entries of the fleet's own audit log: one chain, whichever service appends. */
import { type Sql, sql } from './sql.ts';

export interface LogEntry {
  readonly n: number;
  /** Of the token, as the next entry repeats it. */
  readonly hash: string;
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export class LogTable {
  constructor(private readonly sql: Sql) {}

  async head(): Promise<LogEntry | undefined> {
    const [last] = await this.sql.all(sql('select * from fleet_log order by n desc limit 1'));
    return last && entryOf(last);
  }

  /** False when another service has taken this number: read the head and sign again. */
  async append({ n, hash, token, at }: LogEntry): Promise<boolean> {
    const text = `insert into fleet_log (n, hash, token, at) values (?, ?, ?, ?)
      on conflict (n) do nothing returning n`;
    const [rows = []] = await this.sql.batch([sql(text, n, hash, token, at)]);
    return rows.length > 0;
  }

  /** From number `from` on, in order. */
  async read(from: number, limit: number): Promise<readonly LogEntry[]> {
    const text = 'select * from fleet_log where n >= ? order by n limit ?';
    return (await this.sql.all(sql(text, from, limit))).map(entryOf);
  }
}

const entryOf = (row: Readonly<Record<string, unknown>>): LogEntry => ({
  ...{ n: Number(row.n), hash: String(row.hash) },
  ...{ token: String(row.token), at: Number(row.at) },
});
