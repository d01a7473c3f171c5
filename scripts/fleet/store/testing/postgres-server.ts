/** A PostgreSQL server of a test's own: its cluster in a temporary folder, a socket and no port. */
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const DEBIAN = '/usr/lib/postgresql';

export interface PostgresServer {
  readonly url: string;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
}

/** Rejects when the server is not installed. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'deskmate-postgres-'));
  const data = path.join(folder, 'data');
  const user = userOf();
  chmodSync(folder, 0o700);
  if (user) chownSync(folder, user.uid, user.gid);
  const run = (program: string, ...args: string[]) =>
    promisify(execFile)(path.join(programs(), program), args, {
      ...{ cwd: folder, env: { ...process.env, HOME: folder, LC_ALL: 'C' } },
      ...user,
    });
  const options = ['-A', 'trust', '-U', 'deskmate', '--no-sync', '-E', 'UTF8'];
  await run('initdb', '-D', data, ...options);
  const flags = `-c listen_addresses='' -k ${folder}`;
  const log = path.join(folder, 'log');
  const server: PostgresServer = {
    url: `postgres://deskmate@${encodeURIComponent(folder)}/postgres`,
    start: async () => {
      await run('pg_ctl', '-D', data, '-l', log, '-w', '-o', flags, 'start');
    },
    stop: async () => {
      await run('pg_ctl', '-D', data, '-m', 'fast', '-w', 'stop');
    },
    remove: async () => {
      await server.stop().catch(() => {});
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

/** The newest that Debian installed. */
function programs(): string {
  const versions = existsSync(DEBIAN)
    ? readdirSync(DEBIAN).filter((name) => /^\d+$/.test(name))
    : [];
  const newest = versions.toSorted((a, b) => Number(b) - Number(a))[0];
  if (newest === undefined) throw new Error('PostgreSQL is missing: apt-get install postgresql');
  return path.join(DEBIAN, newest, 'bin');
}

/** The server refuses to run as root. */
function userOf(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string): number =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}
