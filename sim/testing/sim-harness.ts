import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../../agent/pages/testing/project-root.ts';
import { SimStatus } from '../console/messages.ts';

const START_LIMIT_MS = 60_000;
const Invitation = z.looseObject({ link: z.url() });

/** `make sim` as a person starts it, on free ports and with a memory of its own. */
export class RunningSim {
  private output = '';

  private constructor(
    private readonly child: ChildProcess,
    /** The folder of what it remembers, and of its logs. */
    readonly state: string,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (bytes: Buffer) => {
        this.output += bytes.toString();
      });
  }

  static async start(): Promise<RunningSim> {
    const state = await mkdtemp(path.join(tmpdir(), 'deskmate-'));
    const args = ['scripts/start-sim.mjs', '--port', '0', '--mqtt-port', '0', '--state', state];
    const child = spawn(process.execPath, args, {
      cwd: projectRoot(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const sim = new RunningSim(child, state);
    await sim.started();
    return sim;
  }

  get address(): string {
    const found = /Open\s+(http:\S+)/.exec(this.output)?.[1];
    if (!found) throw new Error(`no address in what the simulator printed:\n${this.output}`);
    return found;
  }

  /** The link that was printed at the start. */
  get printedInvitation(): string {
    const found = /Invite\s+(http:\S+)/.exec(this.output)?.[1];
    if (!found) throw new Error(`no invitation in what the simulator printed:\n${this.output}`);
    return found;
  }

  /** Another invitation, as the coordinator makes one on the home page. */
  async invite(): Promise<string> {
    const reply = await fetch(new URL('api/invitation', this.address), {
      method: 'POST',
      headers: { origin: new URL(this.address).origin },
    });
    return Invitation.parse(await reply.json()).link;
  }

  async status(): Promise<z.infer<typeof SimStatus>> {
    const reply = await fetch(new URL('api/status', this.address));
    return SimStatus.parse(await reply.json());
  }

  /** Ctrl-C, and waits until all is over. */
  async stop(): Promise<void> {
    const over = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    if (this.child.exitCode === null && this.child.kill('SIGINT')) await over;
    await rm(this.state, { recursive: true, force: true });
  }

  private async started(): Promise<void> {
    const limit = performance.now() + START_LIMIT_MS;
    while (!/Ctrl-C ends it/.test(this.output)) {
      if (this.child.exitCode !== null || performance.now() > limit) {
        this.child.kill('SIGKILL');
        throw new Error(`the simulator did not start:\n${this.output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
