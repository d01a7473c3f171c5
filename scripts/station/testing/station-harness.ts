import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { StartedProgram } from '../../../agent/host/testing/started-program.ts';
import { StationStatus } from '../../../agent/pages/station/messages.ts';
import { projectRoot } from '../../../agent/pages/testing/project-root.ts';

/** `make run BOARD=laptop`, on free ports and with its own data folder. */
export class RunningStation {
  private constructor(private readonly program: StartedProgram) {}

  static async start(...more: string[]): Promise<RunningStation> {
    return new RunningStation(await StartedProgram.start('scripts/start-station.mjs', more));
  }

  /** All output so far. */
  get said(): string {
    return this.program.said;
  }

  get address(): string {
    return this.program.printed('Open');
  }

  get invitation(): string {
    return this.program.printed('Invite');
  }

  async status(): Promise<StationStatus> {
    return StationStatus.parse(await this.program.status());
  }

  /** Its processes and their descendants: command lines by process id. */
  async programs(): Promise<Map<number, string>> {
    const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
    const known = (await Promise.all(all.map(aboutProcess))).filter((one) => one !== undefined);
    const found = new Map<number, string>();
    const parents = new Set([this.program.pid]);
    // A child's pid may be lower than its parent's: repeat until none is added.
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

  stop(): Promise<void> {
    return this.program.stop();
  }
}

/** Undefined: it ended meanwhile. */
async function aboutProcess(pid: number) {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    // proc(5): `pid (name) state ppid …`; the name may contain any character.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    return { pid, parent, words: words.replaceAll('\0', ' ') };
  } catch {
    return undefined;
  }
}

/** The drivers with a test picture and tone; resolves with the module's file. */
export async function buildTestDrivers(): Promise<string> {
  const root = projectRoot();
  // Below dist/, so that packages resolve from there; the product's build does not touch folders.
  const outfile = path.join(root, 'dist/testing/station-drivers.js');
  await build({
    entryPoints: [path.join(root, 'scripts/station/testing/test-drivers.ts')],
    ...{ outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' },
    logLevel: 'warning',
  });
  return outfile;
}
