import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { within } from '../../hal/common/asynchrony.ts';
import type { Clock } from '../../hal/ports/clock.ts';

/** An orderly end of either process takes less. */
const STOP_MS = 5_000;
const KEPT_LINES = 200;

/** A built process of the robot on its own folder, with prepared files. */
export class Shipped {
  private said = '';
  private readonly ended: Promise<number | string>;

  private constructor(
    private readonly clock: Clock,
    readonly folder: string,
    private readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (bytes: Buffer) => {
        this.said = (this.said + bytes.toString()).split('\n').slice(-KEPT_LINES).join('\n');
      });
    this.ended = new Promise((resolve) =>
      child.once('exit', (code, signal) => resolve(signal ?? code ?? 0)),
    );
  }

  /** `files` lie below the folder that `config` is given. */
  static async start(
    clock: Clock,
    bundle: string,
    files: ReadonlyMap<string, Buffer>,
    config: (folder: string) => object,
  ): Promise<Shipped> {
    const folder = await mkdtemp(path.join(tmpdir(), 'deskmate-hostile-'));
    for (const [name, bytes] of files) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true, mode: 0o700 });
      await writeFile(path.join(folder, name), bytes, { mode: 0o600 });
    }
    const file = path.join(folder, 'config.json');
    await writeFile(file, JSON.stringify(config(folder)));
    const child = spawn(process.execPath, [bundle, '--config', file], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new Shipped(clock, folder, child);
  }

  get words(): string {
    return this.said;
  }

  /** Undefined while it runs. */
  get crash(): string | undefined {
    const { exitCode, signalCode } = this.child;
    if (exitCode === null && signalCode === null) return undefined;
    return `it ended with ${signalCode ?? exitCode}: ${this.said.slice(-600)}`;
  }

  /** Ends it as a service manager does. Resolves with problems of its end. */
  async stop(): Promise<string | undefined> {
    const crash = this.crash;
    if (crash === undefined) this.child.kill('SIGTERM');
    const how = await within(this.clock, STOP_MS, this.ended, () => 'late');
    if (how === 'late') this.child.kill('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
    return crash ?? (how === 0 ? undefined : `its end was ${how}`);
  }
}
