import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { StationStatus } from '../../../agent/pages/station/messages.ts';
import { projectRoot } from '../../../agent/pages/testing/project-root.ts';

const START_LIMIT_MS = 60_000;

/** `make run BOARD=laptop` as a person starts it, on free ports and with a memory of its own. */
export class RunningStation {
  private output = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly state: string,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (bytes: Buffer) => {
        this.output += bytes.toString();
      });
  }

  static async start(...more: string[]): Promise<RunningStation> {
    const state = await mkdtemp(path.join(tmpdir(), 'station-'));
    const args = ['scripts/start-station.mjs', '--port', '0', '--mqtt-port', '0', '--state', state];
    const child = spawn(process.execPath, [...args, ...more], {
      cwd: projectRoot(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const station = new RunningStation(child, state);
    await station.started();
    return station;
  }

  /** All that was printed so far. */
  get said(): string {
    return this.output;
  }

  get address(): string {
    return this.printed('Open');
  }

  get invitation(): string {
    return this.printed('Invite');
  }

  async status(): Promise<StationStatus> {
    const reply = await fetch(new URL('api/status', this.address));
    return StationStatus.parse(await reply.json());
  }

  /** Its processes, with all that they started: command lines by process id. */
  async programs(): Promise<Map<number, string>> {
    const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
    const known = (await Promise.all(all.map(aboutProcess))).filter((one) => one !== undefined);
    const found = new Map<number, string>();
    const parents = new Set([this.child.pid]);
    // A child's number may be lower than its parent's: until nobody is added.
    for (let before = 0; before < parents.size; ) {
      before = parents.size;
      for (const { pid, parent, words } of known) {
        if (!parents.has(parent)) continue;
        parents.add(pid);
        found.set(pid, words);
      }
    }
    return found;
  }

  /** Ctrl-C, and waits until all is over. */
  async stop(): Promise<void> {
    const over = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    if (this.child.exitCode === null && this.child.kill('SIGINT')) await over;
    await rm(this.state, { recursive: true, force: true });
  }

  private printed(what: 'Open' | 'Invite'): string {
    const found = new RegExp(`${what}\\s+(https?:\\S+)`).exec(this.output)?.[1];
    if (!found) throw new Error(`no “${what}” in what the station printed:\n${this.output}`);
    return found;
  }

  private async started(): Promise<void> {
    const limit = performance.now() + START_LIMIT_MS;
    while (!/Ctrl-C ends it/.test(this.output)) {
      if (this.child.exitCode !== null || performance.now() > limit) {
        this.child.kill('SIGKILL');
        throw new Error(`the station did not start:\n${this.output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Undefined: it ended while it was looked at. */
async function aboutProcess(pid: number) {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    // proc(5): `pid (name) state ppid …`, and the name may hold anything.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    return { pid, parent, words: words.replaceAll('\0', ' ') };
  } catch {
    return undefined;
  }
}

/** The drivers with a test picture and tone; resolves with the module's file. */
export async function buildTestDrivers(): Promise<string> {
  const root = projectRoot();
  // Below dist/, so that packages are found from there; the product's build leaves folders alone.
  const outfile = path.join(root, 'dist/testing/station-drivers.js');
  await build({
    entryPoints: [path.join(root, 'scripts/station/testing/test-drivers.ts')],
    ...{ outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' },
    logLevel: 'warning',
  });
  return outfile;
}
