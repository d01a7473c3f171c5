import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { debianVersion } from './control.ts';
import { pack, sizes } from './pack.ts';
import { machineOf } from './pins.ts';
import { shell } from './shell.ts';
import { stage } from './stage.ts';

interface Order {
  /** Where package.json is. */
  readonly project: string;
  readonly arch: string;
  /** Of package.json when not given. */
  readonly version?: string;
  readonly compression: 'xz' | 'none';
  readonly out: string;
  /** Compiled add-ons; downloads lie in dist/deb/cache in any case. */
  readonly addons?: string;
}

export interface Built {
  readonly file: string;
  readonly sizes: string;
  readonly seconds: number;
}

/** Builds one package from the bundles in dist/. */
export async function buildPackage(order: Order): Promise<Built> {
  const { project, compression } = order;
  const start = performance.now();
  const machine = machineOf(order.arch || (await shell('dpkg', ['--print-architecture'])).trim());
  const version = debianVersion(order.version ?? (await manifestVersion(project)));
  const epochSeconds = await sourceDate(project);
  const out = path.resolve(order.out);
  const cache = path.join(project, 'dist/deb/cache');
  const work = path.join(out, `build-${machine.deb}`);
  const parts = { project, machine, version, epochSeconds, work, cache };
  const root = await stage({ ...parts, addons: order.addons ?? cache });
  const file = await pack({ ...parts, root, compression, out });
  const built = {
    file,
    sizes: await sizes(file, root),
    seconds: (performance.now() - start) / 1000,
  };
  await rm(work, { recursive: true });
  return built;
}

async function manifestVersion(project: string): Promise<string> {
  const manifest: { version?: unknown } = JSON.parse(
    await readFile(path.join(project, 'package.json'), 'utf8'),
  );
  return String(manifest.version);
}

/** https://reproducible-builds.org/specs/source-date-epoch/; else the date of the last commit. */
async function sourceDate(project: string): Promise<number> {
  const given =
    process.env.SOURCE_DATE_EPOCH ||
    (await shell('git', ['log', '-1', '--format=%ct'], { cwd: project }));
  const seconds = Number(given.trim());
  if (!Number.isSafeInteger(seconds) || seconds <= 0)
    throw new Error(`SOURCE_DATE_EPOCH=${given}: expected seconds since 1970`);
  return seconds;
}
