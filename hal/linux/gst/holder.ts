import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

export interface Holder {
  readonly pid: number;
  readonly name: string;
}

/**
 * Who has a device file open, as far as this user may know: other users' processes show their
 * files to root alone.
 */
export async function holderOf(
  file: string,
  proc = '/proc',
  ownPid = process.pid,
): Promise<Holder | undefined> {
  for (const entry of await readdir(proc).catch(() => [])) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === ownPid) continue;
    if (!(await hasOpen(join(proc, entry, 'fd'), file))) continue;
    const name = await readFile(join(proc, entry, 'comm'), 'utf8').catch(() => 'a program');
    return { pid, name: name.trim() };
  }
  return undefined;
}

async function hasOpen(folder: string, file: string): Promise<boolean> {
  for (const fd of await readdir(folder).catch(() => [])) {
    const target = await readlink(join(folder, fd)).catch(() => '');
    if (target === file) return true;
  }
  return false;
}
