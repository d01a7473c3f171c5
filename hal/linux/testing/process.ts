/** For tests of a process as it is shipped. */
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles a process into a new folder, beside modules of a test's own: `entry` becomes `main.js`, each
 * of `modules` (TypeScript, by its name without suffix) a file of that name. Returns the folder, which
 * belongs to the caller.
 */
export async function bundleProcess(
  entry: string,
  modules: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'deskmate-process-'));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const entryPoints: Record<string, string> = { main: resolve(entry) };
  for (const [name, text] of Object.entries(modules)) {
    entryPoints[name] = join(folder, `${name}.ts`);
    await writeFile(join(folder, `${name}.ts`), text);
  }
  await build({
    entryPoints,
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    define: { DESKMATE_BUILT_S: '0' },
    logLevel: 'error',
  });
  return folder;
}

/** Neither left nor ended by a signal. */
export const isAlive = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode === null && signalCode === null;
