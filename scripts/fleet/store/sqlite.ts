/**
 * SQLite in one file, by a build that npm brings for Node 20 and 24 alike. In WAL mode with
 * `synchronous=full`, what a transaction wrote survives a power cut once it resolves; locks are the
 * operating system's, so a killed process leaves none behind and two services may share a file.
 */
import Database from 'libsql';
import { codeOf, messageOf } from '../../../hal/common/errors.ts';
import type { Clock } from '../../../hal/ports/clock.ts';
import { delay } from '../../../hal/ports/clock.ts';
import {
  type Migration,
  pendingMigrations,
  type Row,
  type Sql,
  type Statement,
  StoreUnavailable,
} from './sql.ts';

/** How long another process may hold the lock. The library waits by blocking, so we wait instead. */
const BUSY_MS = 10_000;
const RETRY_MS = 20;
const VERSION_TABLE =
  'create table if not exists schema_version (one integer primary key check (one = 1), version integer not null)';

export interface SqliteOptions {
  /** Path of the database file; created when absent. */
  readonly file: string;
  readonly clock: Clock;
}

/** Throws StoreUnavailable when the file cannot be opened. */
export function openSqlite(options: SqliteOptions): Sql {
  return new Sqlite(options);
}

class Sqlite implements Sql {
  private readonly database: Database.Database;
  private readonly clock: Clock;

  constructor({ file, clock }: SqliteOptions) {
    this.clock = clock;
    try {
      this.database = new Database(file);
    } catch (error) {
      throw new StoreUnavailable(`${file}: cannot be opened: ${messageOf(error)}`);
    }
    // Also for the moment of the change to WAL, when another service does the same.
    this.database.pragma('busy_timeout = 5000');
    this.database.pragma('journal_mode = wal');
    this.database.pragma('synchronous = full');
    this.database.pragma('busy_timeout = 0');
  }

  all(statement: Statement): Promise<readonly Row[]> {
    return this.whenFree(() => this.run(statement));
  }

  batch(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> {
    return this.whenFree(() =>
      this.inTransaction(() => statements.map((statement) => this.run(statement))),
    );
  }

  async migrate(migrations: readonly Migration[]): Promise<void> {
    await this.whenFree(() =>
      this.inTransaction(() => {
        this.database.exec(VERSION_TABLE);
        const [row] = this.run({ text: 'select version from schema_version', values: [] });
        for (const { version, statements } of pendingMigrations(
          migrations,
          Number(row?.version ?? 0),
        )) {
          for (const statement of statements) this.database.exec(statement);
          const text =
            'insert into schema_version (one, version) values (1, ?) on conflict (one) do update set version = excluded.version';
          this.run({ text, values: [version] });
        }
      }),
    );
  }

  async close(): Promise<void> {
    this.database.close();
  }

  private run({ text, values }: Statement): Row[] {
    const prepared = this.database.prepare(text);
    if (prepared.reader) return prepared.all(...values) as Row[];
    prepared.run(...values);
    return [];
  }

  private inTransaction<T>(act: () => T): T {
    this.database.exec('begin immediate');
    try {
      const result = act();
      this.database.exec('commit');
      return result;
    } catch (error) {
      // A full disk has ended the transaction already.
      if (this.database.inTransaction) this.database.exec('rollback');
      throw error;
    }
  }

  private async whenFree<T>(act: () => T): Promise<T> {
    const start = this.clock.now();
    for (;;) {
      try {
        return act();
      } catch (error) {
        if (!isBusy(error)) throw isTrouble(error) ? unavailable(error) : error;
        if (this.clock.now() - start > BUSY_MS) throw unavailable(error);
      }
      await delay(this.clock, RETRY_MS);
    }
  }
}

const isBusy = (error: unknown): boolean => /^SQLITE_(?:BUSY|LOCKED)/.test(codeOf(error) ?? '');
const isTrouble = (error: unknown): boolean =>
  /^SQLITE_(?:FULL|IOERR|CANTOPEN|READONLY)/.test(codeOf(error) ?? '');
const unavailable = (error: unknown): StoreUnavailable =>
  new StoreUnavailable(`the store does not answer: ${messageOf(error)}`);
