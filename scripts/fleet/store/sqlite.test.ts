import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SystemClock } from '../../../hal/linux/time/system-clock.ts';
import { silentLog } from '../../../hal/ports/log.ts';
import { StoreUnavailable } from './sql.ts';
import { openSqlite } from './sqlite.ts';
import { openStore } from './store.ts';
import { storeContract } from './testing/store-contract.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'deskmate-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const clock = new SystemClock();
let files = 0;
let file = '';

storeContract('SQLite', {
  open: () => openStore(file, { clock, log: silentLog }),
  sql: async () => openSqlite({ file, clock }),
  reset: async () => {
    file = path.join(folder, `store-${++files}.db`);
  },
});

/** Appends numbers for ever, ten in a transaction, and says which are on disk. */
const WRITER = `
import { writeSync } from 'node:fs';
import Database from 'libsql';
const database = new Database(process.argv[1]);
for (const pragma of ['busy_timeout = 5000', 'journal_mode = wal', 'synchronous = full']) database.pragma(pragma);
database.exec('create table if not exists numbers (who text, n integer, primary key (who, n))');
const insert = database.prepare('insert into numbers values (?, ?)');
for (let n = 0; ; ) {
  database.exec('begin immediate');
  for (const end = n + 10; n < end; n++) insert.run(process.argv[2], n);
  database.exec('commit');
  writeSync(1, n + '\\n');
}`;

describe('SQLite below it', () => {
  it('loses nothing that it confirmed when two writers are killed', async () => {
    const shared = path.join(folder, 'killed.db');
    const ends = await Promise.all(['a', 'b'].map((who) => killedWriter(shared, who)));
    const sql = openSqlite({ file: shared, clock });
    const check = await sql.all({ text: 'pragma integrity_check', values: [] });
    expect(check).toMatchObject([{ integrity_check: 'ok' }]);
    for (const { who, confirmed } of ends) {
      const text = 'select count(*) as n from numbers where who = ?';
      const [row] = await sql.all({ text, values: [who] });
      expect(confirmed).toBeGreaterThan(0);
      expect(Number(row?.n)).toBeGreaterThanOrEqual(confirmed);
    }
    await sql.batch([{ text: 'insert into numbers values (?, ?)', values: ['after', 1] }]);
    await sql.close();
  });

  it('says what is wrong with a file that is none of its own', async () => {
    const nowhere = openStore(path.join(folder, 'no/such/folder.db'), { clock, log: silentLog });
    await expect(nowhere).rejects.toThrow(StoreUnavailable);
    const text = path.join(folder, 'text.db');
    writeFileSync(text, 'not a database, but long enough to be looked at'.repeat(50));
    await expect(openStore(text, { clock, log: silentLog })).rejects.toThrow(/not a database/);
    expect(readFileSync(text, 'utf8')).toMatch(/^not a database/);
  });
});

/** Ended by SIGKILL after its fifth transaction, in the middle of another. */
function killedWriter(shared: string, who: string): Promise<{ who: string; confirmed: number }> {
  return new Promise((resolve, reject) => {
    const flags = ['--input-type=module', '--eval', WRITER, shared, who];
    const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (data) => {
      said += data;
      if (said.split('\n').length > 5) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', () => {
      const lines = said.split('\n').slice(0, -1);
      resolve({ who, confirmed: Number(lines.at(-1) ?? 0) });
    });
  });
}
