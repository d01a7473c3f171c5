import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { depends } from '../control.ts';
import { shell } from '../shell.ts';

/**
 * A small Debian 12 with what the package depends on, as a robot's image has it. Made once (a few
 * minutes); tests write into a layer above it.
 */
export async function debianRoot(cache: string): Promise<string> {
  const names = depends.map((one) => one.replace(/ .*/, ''));
  // The image is cached by its list of dependencies.
  const key = createHash('sha256').update(names.join()).digest('hex').slice(0, 8);
  const place = path.join(cache, `debian-12-${key}`);
  if (await readdir(place).catch(() => undefined)) return place;
  const part = `${place}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(cache, { recursive: true });
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
  // dpkg makes no folder whose other files are left out.
  await mkdir(path.join(part, 'usr/share/man/man1'), { recursive: true });
  await rename(part, place);
  return place;
}
