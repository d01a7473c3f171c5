import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../pages/testing/project-root.ts';

const START_LIMIT_MS = 60_000;

/** Simulator or station as a person starts it, on free ports and with a memory of its own. */
export class StartedProgram {
  /** All that was printed so far. */
  said = '';

  private constructor(
    private readonly child: ChildProcess,
    /** The folder of what it remembers, and of its logs. */
    readonly state: string,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (bytes: Buffer) => {
        this.said += bytes.toString();
      });
  }

  /** `script` from the checkout's root. Resolves when it says that it runs. */
  static async start(script: string, more: readonly string[] = []): Promise<StartedProgram> {
    const state = await mkdtemp(path.join(tmpdir(), 'deskmate-'));
    const args = [script, '--port', '0', '--mqtt-port', '0', '--state', state, ...more];
    const child = spawn(process.execPath, args, {
      cwd: projectRoot(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const program = new StartedProgram(child, state);
    await program.started();
    return program;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** The address behind a printed word. */
  printed(what: 'Open' | 'Invite'): string {
    const found = new RegExp(`${what}\\s+(https?:\\S+)`).exec(this.said)?.[1];
    if (!found) throw new Error(`no “${what}” in what was printed:\n${this.said}`);
    return found;
  }

  async status(): Promise<unknown> {
    const reply = await fetch(new URL('api/status', this.printed('Open')));
    return reply.json();
  }

  /** Ctrl-C, and waits until all is over. */
  async stop(): Promise<void> {
    const over = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    if (this.child.exitCode === null && this.child.kill('SIGINT')) await over;
    await rm(this.state, { recursive: true, force: true });
  }

  private async started(): Promise<void> {
    const limit = performance.now() + START_LIMIT_MS;
    while (!/Ctrl-C ends it/.test(this.said)) {
      if (this.child.exitCode !== null || performance.now() > limit) {
        this.child.kill('SIGKILL');
        throw new Error(`it did not start:\n${this.said}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
