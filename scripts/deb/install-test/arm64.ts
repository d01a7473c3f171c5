import assert from 'node:assert/strict';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { filesBelow } from '../files.ts';
import { shell } from '../shell.ts';

/** Unpacks an arm64 package and loads its native add-ons with its Node, in QEMU's user mode. */
export async function loadsOnArm(deb: string, cache: string, work: string): Promise<void> {
  const root = path.join(work, 'arm64');
  await shell('dpkg-deb', ['--extract', deb, root]);
  const lib = path.join(root, 'usr/lib/deskmate');
  const addons = (await filesBelow(lib)).filter((file) => file.endsWith('.node'));
  assert.ok(addons.length >= 4, `expected at least four add-ons, found ${addons.join(', ')}`);
  const load = `for (const file of ${JSON.stringify(addons)}) require(${JSON.stringify(`${lib}/`)} + file); console.log(process.arch); process.exit(0)`;
  const libraries = await armLibraries(cache);
  // The library lies at its own path only once the package is installed.
  const qemu = ['-L', libraries, '-E', `LD_LIBRARY_PATH=${path.join(lib, 'lib')}`];
  const said = await shell('qemu-aarch64', [
    ...[...qemu, path.join(lib, 'bin/node')],
    ...['--input-type=commonjs', '-e', load],
  ]);
  assert.equal(said.trim(), 'arm64');
}

/** The C and C++ libraries of Debian 12, unpacked. */
async function armLibraries(cache: string): Promise<string> {
  const place = path.join(cache, 'libraries-arm64');
  if (await readdir(place).catch(() => undefined)) return place;
  const part = `${place}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  const names = ['libc6', 'libstdc++6', 'libgcc-s1'].map((name) => `${name}:arm64`);
  await shell('apt-get', ['download', '--quiet', ...names], { cwd: part });
  for (const deb of await readdir(part))
    if (deb.endsWith('.deb')) await shell('dpkg-deb', ['--extract', deb, '.'], { cwd: part });
  await rename(part, place);
  return place;
}
