/** The configurations of docs/servers.md: the tests run what people copy. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { selfSigned } from '../../../../hal/common/certificate.ts';
import { root } from '../../../preflight.mjs';

/** The block whose fence says `file=`: as it stands. Throws when the document has none. */
export function block(file: string, document = 'docs/servers.md'): string {
  const text = readFileSync(`${root}/${document}`, 'utf8');
  for (const [, name, body = ''] of text.matchAll(/^```\w+ file=(\S+)\n([\s\S]*?)^```$/gm))
    if (name === file) return body;
  throw new Error(`${document}: expected a block with file=${file}`);
}

/**
 * Adapted to this computer: replaces each text, each of which must occur, so that no intended
 * change is missed.
 */
export function fitted(text: string, changes: Readonly<Record<string, string>>): string {
  return Object.entries(changes).reduce((fit, [from, to]) => {
    if (!fit.includes(from)) throw new Error(`expected “${from}” in the configuration`);
    return fit.replaceAll(from, to);
  }, text);
}

const READY_MS = 15_000;
const LOOK_MS = 50;
const HOUR_MS = 3_600_000;

/** A folder that servers of other users may read. */
export function openFolder(): { readonly path: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'deskmate-servers-'));
  chmodSync(folder, 0o755);
  return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A key and a certificate for that name that vouches for itself: files that servers may read. */
export async function makeCertificate(
  folder: string,
  name: string,
): Promise<{ key: string; certificate: string }> {
  const [key, certificate] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  const nowMs = Date.now();
  const validity = { fromMs: nowMs - HOUR_MS, toMs: nowMs + 48 * HOUR_MS };
  const made = await selfSigned(name, [name], validity);
  writeFileSync(key, made.key, { mode: 0o644 });
  writeFileSync(certificate, made.cert);
  return { key, certificate };
}

/** A free port. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A real server with a configuration of the documents. What it said is in its errors. */
export class Server {
  private said = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly name: string,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (bytes: Buffer) => {
        this.said += bytes.toString();
      });
  }

  /** Resolves when `isUp` does. Rejects with what the server said when it ends or is late. */
  static async start(
    [program = '', ...args]: readonly string[],
    isUp: (said: string) => boolean | Promise<boolean>,
  ): Promise<Server> {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Debian keeps servers where only root looks.
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
    });
    const server = new Server(child, program);
    const missing = new Promise<never>((_, reject) => child.once('error', reject));
    const tries = Math.ceil(READY_MS / LOOK_MS);
    const up = async (): Promise<void> => {
      for (let i = 0; i < tries; i++) {
        if (child.exitCode !== null) throw server.failure(`ended with ${child.exitCode}`);
        if (await isUp(server.said)) return;
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
      throw server.failure('is not up');
    };
    await Promise.race([up(), missing]).catch(async (error: unknown) => {
      await server.stop();
      throw error;
    });
    return server;
  }

  /** Resolves when one of these servers has said it. Rejects with what they said when none does. */
  static async oneSays(servers: readonly Server[], pattern: RegExp): Promise<void> {
    for (let i = 0; i < READY_MS / LOOK_MS; i++) {
      if (servers.some(({ said }) => pattern.test(said))) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    throw servers[0]?.failure(`nobody says ${pattern}`) ?? new Error('no servers');
  }

  /** SIGHUP: reads its configuration again. */
  signal(signal: 'SIGHUP'): void {
    this.child.kill(signal);
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  }

  private failure(how: string): Error {
    return new Error(`${this.name} ${how}. It said:\n${this.said}`);
  }
}
