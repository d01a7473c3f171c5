import { type ChildProcess, spawn } from 'node:child_process';
import { type FileHandle, open } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { isAlive } from '../../hal/linux/testing/process.ts';
import { type Clock, delay } from '../../hal/ports/clock.ts';

/** TimeoutStopSec of the units. */
const UNIT_STOP_MS = 5_000;

export const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** A shipped process, started with a configuration file and ended by a signal. */
export class Started {
  readonly child: ChildProcess;
  private text = '';

  /** `log`: file descriptor for its log, instead of a pipe to the test. */
  constructor(
    private readonly clock: Clock,
    script: string,
    config: string,
    log?: number,
    env: Readonly<Record<string, string>> = {},
  ) {
    this.child = spawn(process.execPath, [script, '--config', config], {
      stdio: ['ignore', log ?? 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (bytes) => {
        this.text += bytes;
      });
  }

  get said(): string {
    return this.text;
  }

  async saying(words: string): Promise<void> {
    while (!this.text.includes(words) && isAlive(this.child)) await delay(this.clock, 20);
    expect(this.text).toContain(words);
  }

  /** Resolves with the exit code. */
  exit(): Promise<number | null> {
    if (!isAlive(this.child)) return Promise.resolve(this.child.exitCode);
    return new Promise((resolve) => this.child.once('close', resolve));
  }

  /** Resolves with the exit code after `signals`, one right after the other, or `late`. */
  async ended(...signals: NodeJS.Signals[]): Promise<number | null | 'late'> {
    const closed = this.exit();
    for (const signal of signals) this.child.kill(signal);
    const late = delay(this.clock, UNIT_STOP_MS).then(() => 'late' as const);
    const how = await Promise.race([closed, late]);
    if (how === 'late') this.child.kill('SIGKILL');
    return how;
  }
}

/** Tests that a process whose log cannot be written, or is not read, keeps running. */
export function logGoesNowhere<Running>(parts: {
  /** `log`: file for its log, instead of a pipe to the test. */
  readonly start: (log?: FileHandle) => Promise<Running>;
  readonly processOf: (running: Running) => Started;
  /** Makes it log more than a pipe holds, then ends it. */
  readonly heldOut: (running: Running) => Promise<void>;
}): void {
  const { start, processOf, heldOut } = parts;

  it('is on a full disk keeps running, and exits with 0', async () => {
    const full = await open('/dev/full', 'w');
    await heldOut(await start(full));
    await full.close();
  });

  it('nobody reads keeps running, and exits with 0', async () => {
    const running = await start();
    processOf(running).child.stdout?.removeAllListeners('data').pause();
    await heldOut(running);
  });

  it('lost its reader keeps running, and exits with 0', async () => {
    const running = await start();
    await processOf(running).saying('"ready"');
    processOf(running).child.stdout?.destroy();
    await heldOut(running);
  });
}
