import { open, readdir } from 'node:fs/promises';
import { within } from '../../common/asynchrony.ts';
import type { Clock } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { errorCode, kernelFault } from './kernel-fault.ts';

/** What the ports allow a device to take for one call. */
const CALL_MS = 20;
/** A file that no device is behind. */
const QUICK_FILE = '/proc/loadavg';

/** A kernel file's text is made as it is read, and is never more than a page. */
const PAGE_BYTES = 4_096;

/** Three turns through Node's threads, where `readFile` takes five. */
async function readPage(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(PAGE_BYTES), 0, PAGE_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead).trim();
  } finally {
    await file.close();
  }
}

/** The text of a kernel file. A sensor that is not ready is asked once more. */
async function readAttribute(path: string, device: string): Promise<string> {
  try {
    return await readPage(path).catch((error: unknown) => {
      if (errorCode(error) === 'EAGAIN') return readPage(path);
      throw error;
    });
  } catch (error) {
    throw kernelFault(error, device, `read ${path}`);
  }
}

/** The same, undefined where the kernel has no such file or no value in it. */
export async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readPage(path);
  } catch {
    return undefined;
  }
}

/** The kernel's files as drivers and the doctor read them. */
export interface KernelFiles {
  /** The text without space around it. Rejects with a HardwareFault of this device. */
  read(path: string, device: string): Promise<string>;
  /** The same, undefined where there is no such file or no value in it. */
  optional(path: string): Promise<string | undefined>;
  /** Names in a folder in their natural order; none when there is no such folder. */
  names(folder: string): Promise<string[]>;
}

export const kernelFiles: KernelFiles = {
  read: (path, device) => readAttribute(path, device),
  optional: (path) => readOptional(path),
  names: (folder) => namesIn(folder),
};

/** A whole number as the kernel writes it. */
export function wholeNumber(text: string, device: string, name: string): number {
  if (!/^-?\d{1,12}$/.test(text))
    throw new HardwareFault(
      'badData',
      device,
      `${name} holds "${text.slice(0, 40)}", expected a whole number; is its driver broken?`,
    );
  return Number(text);
}

/** Names in a folder of the kernel, in their natural order; none when there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/**
 * One reading at a time, given up after 20 ms: a chip that hangs holds one thread of Node's pool,
 * not one a call. Who asks meanwhile waits for the same reading.
 *
 * A busy computer is slow with every file, and that is no fault of the chip: the 20 ms are over
 * only when a file with nothing behind it has been read since.
 */
export class Patience<T> {
  private underWay: Promise<T> | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly device: string,
    private readonly read: () => Promise<T>,
  ) {}

  async ask(): Promise<T> {
    this.underWay ??= this.read().finally(() => {
      this.underWay = undefined;
    });
    return within(this.clock, CALL_MS, this.underWay, async () => {
      await readPage(QUICK_FILE).catch(() => {});
      throw this.fault();
    });
  }

  private fault(): HardwareFault {
    return new HardwareFault(
      'timeout',
      this.device,
      `no reading within ${CALL_MS} ms; is the bus behind it stuck?`,
    );
  }
}
