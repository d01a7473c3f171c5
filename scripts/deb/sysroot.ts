import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Machine } from './pins.ts';
import { shell } from './shell.ts';

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
