import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Machine } from './pins.ts';
import { shell } from './shell.ts';

/**
 * A package of the registry, unpacked: `folder/<name>-<version>/`. Downloads are verified
 * against the pinned hash. A folder is renamed to this name only when complete.
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

/**
 * libgpiod of Debian 12 for the robot's machine, unpacked and not installed: header, library to link
 * with, and the library that the package carries along.
 */
export async function prepareSysroot(machine: Machine, cache: string): Promise<string> {
  const place = path.join(cache, `sysroot-${machine.deb}`);
  if (await readdir(place).catch(() => undefined)) return place;
  const part = `${place}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  const wanted = ['libgpiod-dev', 'libgpiod2'].map((name) => `${name}:${machine.deb}`);
  await shell('apt-get', ['download', '--quiet', ...wanted], { cwd: part }).catch(
    (error: Error) => {
      throw new Error(
        `${error.message}\nThe package lists must know ${machine.deb}: dpkg --add-architecture ${machine.deb} && apt-get update`,
      );
    },
  );
  for (const deb of (await readdir(part)).filter((file) => file.endsWith('.deb'))) {
    await shell('dpkg-deb', ['--extract', deb, '.'], { cwd: part });
    await rm(path.join(part, deb));
  }
  await rename(part, place);
  return place;
}

export const libgpiodFolder = (sysroot: string, { triplet }: Machine): string =>
  path.join(sysroot, 'usr/lib', triplet);
