/** PostgreSQL, for fleets with a database of their own. A commit is on the server's disk. */
import pg from 'pg';
import { codeOf, messageOf } from '../../../hal/common/errors.ts';
import type { Log } from '../../../hal/ports/log.ts';
import {
  type Migration,
  pendingMigrations,
  type Row,
  type Sql,
  type Statement,
  StoreTooNew,
  StoreUnavailable,
} from './sql.ts';

const CONNECTIONS = 8;
const CONNECT_MS = 5_000;
/** A statement that takes longer is given up: the ingest must go on or say that it cannot. */
const STATEMENT_MS = 15_000;
/** Any number, the same for all services: who migrates holds it. */
const MIGRATION_LOCK = 713_452_001;
/** PostgreSQL's type of `bigint`: milliseconds and counters, which JavaScript holds exactly. */
const INT8 = 20;
const NUMERIC = 1700;

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database?sslmode=verify-full` */
  readonly url: string;
  readonly log: Log;
}

export function openPostgres({ url, log }: PostgresOptions): Sql {
  const types = new pg.TypeOverrides();
  for (const type of [INT8, NUMERIC]) types.setTypeParser(type, Number);
  const pool = new pg.Pool({
    ...{ connectionString: url, max: CONNECTIONS, connectionTimeoutMillis: CONNECT_MS },
    ...{ statement_timeout: STATEMENT_MS, types, application_name: 'deskmate-fleet' },
  });
  // Of connections that rest: the next query opens another.
  pool.on('error', (error) => log.warn({ error: messageOf(error) }, 'lost the store'));
  return new Postgres(pool);
}

class Postgres implements Sql {
  constructor(private readonly pool: pg.Pool) {}

  async all(statement: Statement): Promise<readonly Row[]> {
    return this.withClient((client) => run(client, statement));
  }

  batch(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> {
    return this.inTransaction(async (client) => {
      const results: (readonly Row[])[] = [];
      for (const statement of statements) results.push(await run(client, statement));
      return results;
    });
  }

  async migrate(migrations: readonly Migration[]): Promise<void> {
    await this.inTransaction(async (client) => {
      await run(client, {
        text: 'select pg_advisory_xact_lock(?::bigint)',
        values: [MIGRATION_LOCK],
      });
      await client.query(
        'create table if not exists schema_version (one integer primary key check (one = 1), version integer not null)',
      );
      const [row] = await run(client, { text: 'select version from schema_version', values: [] });
      for (const { version, statements } of pendingMigrations(
        migrations,
        Number(row?.version ?? 0),
      )) {
        for (const statement of statements) await client.query(statement);
        const text =
          'insert into schema_version (one, version) values (1, ?) on conflict (one) do update set version = excluded.version';
        await run(client, { text, values: [version] });
      }
    });
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  private inTransaction<T>(act: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return this.withClient(async (client) => {
      await client.query('begin');
      try {
        const result = await act(client);
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch(() => {});
        throw error;
      }
    });
  }

  private async withClient<T>(act: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect().catch((error: unknown) => {
      throw unavailable(error);
    });
    let broken = false;
    try {
      return await act(client);
    } catch (error) {
      broken = isTrouble(error);
      throw broken ? unavailable(error) : error;
    } finally {
      client.release(broken);
    }
  }
}

async function run(client: pg.PoolClient, { text, values }: Statement): Promise<readonly Row[]> {
  let index = 0;
  const numbered = text.replaceAll('?', () => `$${++index}`);
  const { rows } = await client.query<Row>(numbered, [...values]);
  return rows;
}

/**
 * Whether trying later may help: no connection (no SQLSTATE, or class 08), out of resources (53),
 * stopped by an operator (57), or a conflict of transactions (40).
 */
function isTrouble(error: unknown): boolean {
  if (error instanceof StoreTooNew || error instanceof TypeError) return false;
  const code = codeOf(error) ?? '';
  return !/^[0-9A-Z]{5}$/.test(code) || /^(?:08|40|53|57|58)/.test(code);
}

const unavailable = (error: unknown): StoreUnavailable =>
  new StoreUnavailable(`the store does not answer: ${messageOf(error)}`);
