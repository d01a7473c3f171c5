/** `make deb`: builds dist/deb/deskmate_<version>_<architecture>.deb from what is in dist/. */
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { debianVersion } from './control.ts';
import { pack, sizes } from './pack.ts';
import { machineOf } from './pins.ts';
import { shell } from './shell.ts';
import { stage } from './stage.ts';

const usage =
  'usage: deb [--arch amd64|arm64] [--version V] [--compression xz|none] [--out DIR] [--cache DIR]';

async function main(project: string): Promise<void> {
  const { values } = parseArgs({
    options: {
      arch: { type: 'string' },
      version: { type: 'string' },
      compression: { type: 'string', default: 'xz' },
      out: { type: 'string', default: path.join(project, 'dist/deb') },
      cache: { type: 'string', default: path.join(project, 'dist/deb/cache') },
    },
  });
  const { compression, out, cache } = values;
  if (compression !== 'xz' && compression !== 'none') throw new Error(usage);
  const start = performance.now();
  const machine = machineOf(values.arch || (await shell('dpkg', ['--print-architecture'])).trim());
  const version = debianVersion(values.version ?? (await manifestVersion(project)));
  const epochSeconds = await sourceDate(project);
  const work = path.join(path.resolve(out), `build-${machine.deb}`);
  const parts = { project, machine, version, epochSeconds, work, cache: path.resolve(cache) };
  const root = await stage(parts);
  const file = await pack({ ...parts, root, compression, out: path.resolve(out) });
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(`${path.relative(project, file)}: ${await sizes(file, root)}, built in ${seconds} s`);
  await rm(work, { recursive: true });
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

main(process.cwd()).catch((error: unknown) => {
  process.stderr.write(`deb: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
