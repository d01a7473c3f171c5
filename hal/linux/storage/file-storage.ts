import {
  type FileHandle,
  lstat,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../common/errors.ts';
import { HardwareFault, type HardwareFaultKind } from '../../ports/fault.ts';
import type { Storage } from '../../ports/storage.ts';
import { makeFolder } from './make-folder.ts';
import { checkLine, checkName, isName, wholeLines } from './storage-rules.ts';

const KINDS: Record<string, HardwareFaultKind> = {
  EACCES: 'notPermitted',
  EPERM: 'notPermitted',
  EROFS: 'notPermitted',
  EBUSY: 'busy',
};

/**
 * Records as files of one folder. A call has ended when the disk has it: the file is synced and,
 * where its name is new, the folder too. Calls on one name run one after the other.
 */
export class FileStorage implements Storage {
  private readonly queues = new Map<string, Promise<unknown>>();

  private made = false;

  private constructor(private readonly folder: string) {}

  /** Makes the folder where it is missing; rejects when that cannot be. */
  static async open(folder: string): Promise<FileStorage> {
    const storage = new FileStorage(folder);
    await storage.guard(folder, () => storage.makeFolder());
    return storage;
  }

  /** As `open`, but a disk that refuses is told by each call, until it does not. */
  static at(folder: string): FileStorage {
    return new FileStorage(folder);
  }

  read(name: string): Promise<string | undefined> {
    return this.inTurn(name, (path) => readIfThere(path));
  }

  write(name: string, text: string): Promise<void> {
    return this.inTurn(name, async (path) => {
      // No record's name begins with a dot, so this is nobody else's file.
      const temporary = join(this.folder, `.${name}.new`);
      const fill = async (file: FileHandle): Promise<void> => {
        await file.writeFile(text);
        await file.sync();
      };
      // Made anew each time: a pipe in its place would never open, a link would lead elsewhere.
      await withFile(temporary, 'wx', fill).catch(async (error: unknown) => {
        if (codeOf(error) !== 'EEXIST') throw error;
        await rm(temporary, { recursive: true, force: true });
        await withFile(temporary, 'wx', fill);
      });
      await this.replace(path, temporary);
      await this.syncFolder();
    });
  }

  append(name: string, line: string): Promise<void> {
    return this.inTurn(name, async (path) => {
      checkLine(line);
      await sizeIfThere(path);
      const fresh = await withFile(path, 'a+', async (file) => {
        const size = await dropTornLine(file);
        await file.appendFile(`${line}\n`);
        await file.sync();
        return size === 0;
      });
      if (fresh) await this.syncFolder();
    });
  }

  readLines(name: string): Promise<string[]> {
    return this.inTurn(name, async (path) => wholeLines((await readIfThere(path)) ?? ''));
  }

  remove(name: string): Promise<void> {
    return this.inTurn(name, async (path) => {
      await rm(path, { force: true });
      await this.syncFolder();
    });
  }

  rename(from: string, to: string): Promise<void> {
    // Both names take their turn, always in the same order: two renames never wait for each other.
    const [first, second] = from < to ? [from, to] : [to, from];
    return this.inTurn(first, () =>
      this.inTurn(second, async () => {
        await renameIfThere(join(this.folder, from), join(this.folder, to));
        await this.syncFolder();
      }),
    );
  }

  list(): Promise<string[]> {
    return this.guard(this.folder, async () => {
      const found = (await unlessMissing(readdir(this.folder, { withFileTypes: true }))) ?? [];
      const names = found.filter((one) => one.isFile()).map(({ name }) => name);
      return names.filter(isName).sort();
    });
  }

  private async inTurn<T>(name: string, act: (path: string) => Promise<T>): Promise<T> {
    checkName(name);
    const path = join(this.folder, name);
    const before = this.queues.get(name) ?? Promise.resolve();
    const turn = before.then(() =>
      this.guard(path, async () => {
        if (!this.made) await this.makeFolder();
        try {
          return await act(path);
        } catch (error) {
          // Somebody took the folder away since.
          if (!isMissing(error)) throw error;
          await this.makeFolder();
          return act(path);
        }
      }),
    );
    // The next in the queue runs whether or not this one fails.
    const ended = turn.catch(() => {});
    this.queues.set(name, ended);
    try {
      return await turn;
    } finally {
      if (this.queues.get(name) === ended) this.queues.delete(name);
    }
  }

  /** No file can take a folder's place: it is set aside, as it may be somebody's. */
  private async replace(path: string, by: string): Promise<void> {
    try {
      await rename(by, path);
    } catch (error) {
      if (codeOf(error) !== 'EISDIR') throw error;
      await rename(path, await mkdtemp(`${path}.folder-`));
      await rename(by, path);
    }
  }

  private async makeFolder(): Promise<void> {
    await makeFolder(this.folder, 0o700);
    this.made = true;
  }

  /** A rename or a new name is on disk only when its folder is. */
  private syncFolder(): Promise<void> {
    return withFile(this.folder, 'r', (folder) => folder.sync());
  }

  private async guard<T>(path: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof HardwareFault) throw error;
      const code = codeOf(error) ?? 'unknown';
      throw new HardwareFault(
        KINDS[code] ?? 'noAnswer',
        'storage',
        `${path}: ${code}; check that the disk has room and the folder belongs to this user`,
        { cause: error },
      );
    }
  }
}

async function withFile<T>(
  path: string,
  flags: string,
  act: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const file = await open(path, flags, 0o600);
  try {
    return await act(file);
  } finally {
    await file.close();
  }
}

/** Far more than any record of ours, far less than memory. */
const LARGEST_BYTES = 8 * 1024 * 1024;

/**
 * Undefined when there is no such file. Refuses what is none: a pipe or a device may hold its reader
 * for ever, and the end of the process with it. A link to what is not there (a disk that is not
 * mounted) is not a file that was never written.
 */
async function sizeIfThere(path: string): Promise<number | undefined> {
  const found = await unlessMissing(stat(path));
  if (found === undefined) {
    if ((await unlessMissing(lstat(path))) === undefined) return undefined;
    throw new HardwareFault(
      'noAnswer',
      'storage',
      `${path}: a link to what is not there; is a disk not mounted?`,
    );
  }
  if (found.isFile()) return found.size;
  throw new HardwareFault(
    'badData',
    'storage',
    `${path}: a folder, a pipe or a device, expected a file; move it away`,
  );
}

async function readIfThere(path: string): Promise<string | undefined> {
  const size = await sizeIfThere(path);
  if (size === undefined) return undefined;
  if (size > LARGEST_BYTES)
    throw new HardwareFault(
      'badData',
      'storage',
      `${path}: ${size} bytes, expected at most ${LARGEST_BYTES}; remove it if it is not wanted`,
    );
  return unlessMissing(readFile(path, 'utf8'));
}

async function renameIfThere(from: string, to: string): Promise<void> {
  await unlessMissing(rename(from, to));
}

/** Undefined when there is no such file. */
async function unlessMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT';

/**
 * Cuts off what stands after the last newline: a line that an earlier power cut tore. Gives the
 * size that is left. A whole file costs one read of one byte.
 */
async function dropTornLine(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  if (size === 0) return 0;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  if (buffer[0] === 0x0a) return size;
  const whole = (await file.readFile()).lastIndexOf(0x0a) + 1;
  await file.truncate(whole);
  return whole;
}
