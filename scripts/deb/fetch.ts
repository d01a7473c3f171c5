import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { shell } from './shell.ts';

/**
 * A package of the registry, unpacked: `folder/<name>-<version>/`. What is fetched is believed only
 * when it has the pinned hash. A folder that is there was complete when it got its name.
 */
export async function fetchPackage(
  name: string,
  version: string,
  integrity: string,
  folder: string,
): Promise<string> {
  const place = path.join(folder, `${name.replace(/^@/, '').replace('/', '-')}-${version}`);
  if (await isFolder(place)) return place;
  const work = `${place}.part`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  await shell('npm', ['pack', `${name}@${version}`, '--silent', '--pack-destination', work]);
  const [tarball] = await readdir(work);
  if (!tarball) throw new Error(`npm pack ${name}@${version}: no tarball came`);
  checkIntegrity(await readFile(path.join(work, tarball)), integrity, `${name}@${version}`);
  await shell('tar', ['-xzf', tarball, '--no-same-owner'], { cwd: work });
  await rename(path.join(work, 'package'), place);
  await rm(work, { recursive: true });
  return place;
}

/** `integrity` as package-lock.json has it: `sha512-` and base64. */
export function checkIntegrity(bytes: Uint8Array, integrity: string, what: string): void {
  const found = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  if (found !== integrity)
    throw new Error(
      `${what}: hash differs from the pinned one; expected ${integrity}, got ${found}`,
    );
}

async function isFolder(place: string): Promise<boolean> {
  return readdir(place).then(
    () => true,
    () => false,
  );
}
