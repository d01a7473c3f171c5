import { createHash } from 'node:crypto';
import { chmod, lutimes, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

/** Files below a folder, relative, in an order that does not depend on the disk. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)))
    .sort(byBytes);
}

/** Without name and time of the original, as Debian packages compress their documents. */
export async function writeCompressed(file: string, text: string | Uint8Array): Promise<void> {
  await writeFile(`${file}.gz`, gzipSync(text, { level: 9 }));
}

const PROGRAMS = /^usr\/bin\/|^usr\/lib\/deskmate\/(bin\/node|grant-sysfs)$/;

/** Modes and times independent of builder, build time and umask. */
export async function normalise(root: string, epochSeconds: number): Promise<void> {
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  for (const entry of entries) {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    const runs = entry.isDirectory() || PROGRAMS.test(path.relative(root, file));
    await chmod(file, runs ? 0o755 : 0o644);
    await lutimes(file, epochSeconds, epochSeconds);
  }
  await chmod(root, 0o755);
  await lutimes(root, epochSeconds, epochSeconds);
}

/** `md5sums` of a package: what `dpkg --verify` compares with; conffiles are not in it. */
export async function md5sums(root: string): Promise<string> {
  const lines: string[] = [];
  for (const file of await filesBelow(root)) {
    if (file.startsWith('DEBIAN/') || file.startsWith('etc/')) continue;
    const sum = createHash('md5')
      .update(await readFile(path.join(root, file)))
      .digest('hex');
    lines.push(`${sum}  ${file}\n`);
  }
  return lines.join('');
}

/** As dpkg counts: files rounded up to whole kilobytes, and one for each folder. */
export async function installedKb(root: string): Promise<number> {
  let kb = 0;
  for (const file of await filesBelow(root)) {
    if (!file.startsWith('DEBIAN/'))
      kb += Math.ceil((await stat(path.join(root, file))).size / 1024);
  }
  const folders = await readdir(root, { withFileTypes: true, recursive: true });
  return kb + folders.filter((entry) => entry.isDirectory()).length;
}

const byBytes = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
