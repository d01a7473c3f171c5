/** Files that people write and a process reads at its start: configuration, boards, certificates. */

import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { codeOf } from './errors.ts';

/** Far more than any file of the kind: all certificates of a system are 220 kB. */
const LARGEST_BYTES = 4 * 1024 * 1024;

/** A file that cannot be read. The message says what stands there and what to do, without the path. */
export class TextFileError extends Error {
  override readonly name = 'TextFileError';
  constructor(
    /** As Node names it; EINVAL for what is no file of text. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The text of a file of at most 4 MiB. A pipe, a folder or a device in its place is not opened: it
 * could hold the process for ever, feed it for ever, or start a watchdog. Throws TextFileError.
 */
export function readTextFile(path: string): string {
  try {
    check(statSync(path));
    // Should it have become a pipe since, opening it does not wait.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      check(fstatSync(file));
      return readUpTo(file, LARGEST_BYTES).toString('utf8');
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof TextFileError) throw error;
    const code = codeOf(error) ?? 'EIO';
    throw new TextFileError(code, WORDS[code] ?? `cannot be read (${code})`);
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'cannot be read (ENOENT): there is no such file; check the path',
  EACCES: 'cannot be read (EACCES): give this user the right to read it and its folders',
  ELOOP: 'cannot be read (ELOOP): a link that leads to itself; put a file in its place',
};

function check(found: Stats): void {
  if (!found.isFile())
    throw new TextFileError('EINVAL', `${kindOf(found)}, expected a file; put one in its place`);
  if (found.size > LARGEST_BYTES) throw tooLarge(String(found.size));
}

const kindOf = (found: Stats): string =>
  found.isDirectory()
    ? 'a folder'
    : found.isFIFO()
      ? 'a pipe'
      : found.isSocket()
        ? 'a socket'
        : 'a device';

const tooLarge = (bytes: string): TextFileError =>
  new TextFileError(
    'EFBIG',
    `${bytes} bytes, expected at most ${LARGEST_BYTES}; is it the file that was meant?`,
  );

/** A file may grow while it is read; those of the kernel say that they are empty. */
function readUpTo(file: number, most: number): Buffer {
  const parts: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const part = Buffer.alloc(64 * 1024);
    const read = readSync(file, part);
    if (read === 0) return Buffer.concat(parts, bytes);
    bytes += read;
    if (bytes > most) throw tooLarge(`more than ${most}`);
    parts.push(part.subarray(0, read));
  }
}
