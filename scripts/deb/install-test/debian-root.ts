import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { depends } from '../control.ts';
import { shell } from '../shell.ts';

/**
 * A small Debian 12 with what the package depends on, as a robot's image has it. Made once (a few
 * minutes); tests write into a layer above it.
 */
export async function debianRoot(cache: string): Promise<string> {
  const place = path.join(cache, 'debian-12');
  if (await readdir(place).catch(() => undefined)) return place;
  const part = `${place}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(cache, { recursive: true });
  const names = depends.map((one) => one.replace(/ .*/, ''));
  const lean = ['doc', 'locale', 'man'].map(
    (name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`,
  );
  // The package's own documents are part of what is tested.
  const kept = ['doc/deskmate', 'man/man1/deskmate.1.gz'].map(
    (name) => `--dpkgopt=path-include=/usr/share/${name}*`,
  );
  const include = ['systemd-sysv', 'dbus', ...names].join(',');
  const options = [
    '--variant=minbase',
    `--include=${include}`,
    '--aptopt=Acquire::Languages "none"',
  ];
  await shell('mmdebstrap', [...options, ...lean, ...kept, 'bookworm', part]);
  await rename(part, place);
  return place;
}
