/** The store on the real PostgreSQL of Debian. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemClock } from '../../../hal/linux/time/system-clock.ts';
import { silentLog } from '../../../hal/ports/log.ts';
import { openPostgres } from './postgres.ts';
import { StoreUnavailable } from './sql.ts';
import { openStore } from './store.ts';
import { type PostgresServer, startPostgres } from './testing/postgres-server.ts';
import { storeContract } from './testing/store-contract.ts';

const clock = new SystemClock();
let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.remove());

const open = () => openStore(server.url, { clock, log: silentLog });
const sql = () => openPostgres({ url: server.url, log: silentLog });

async function reset(): Promise<void> {
  const database = sql();
  await database.batch([
    { text: 'drop schema if exists public cascade', values: [] },
    { text: 'create schema public', values: [] },
  ]);
  await database.close();
}

storeContract('PostgreSQL', { open, reset, sql: async () => sql() });

describe('PostgreSQL below it', () => {
  it('goes on by itself after a restart of the server', async () => {
    await reset();
    const store = await open();
    await server.stop();
    await expect(store.ping()).rejects.toThrow(StoreUnavailable);
    await server.start();
    await store.ping();
    await store.close();
  });

  it('starts an empty database from several services at once', async () => {
    await reset();
    const stores = await Promise.all([1, 2, 3, 4].map(open));
    await Promise.all(stores.map((store) => store.close()));
  });
});
