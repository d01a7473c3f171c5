/** What a record's name and lines may be; the same on every storage. */
import { HardwareFault } from '../../ports/fault.ts';

const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

export const isName = (name: string): boolean => PLAIN_NAME.test(name);

/** A plain file name: nothing that leaves the folder, hides, or that some file system would change. */
export function checkName(name: string): void {
  if (!isName(name))
    throw new HardwareFault(
      'badData',
      'storage',
      `name ${JSON.stringify(name.slice(0, 40))}, expected 1-100 of letters, digits, . _ - and no dot in front`,
    );
}

export function checkLine(line: string): void {
  if (line.includes('\n'))
    throw new HardwareFault(
      'badData',
      'storage',
      'a line with a newline inside; expected one line',
    );
}

/** The lines that were written to their end; a torn last one is none. */
export function wholeLines(text: string): string[] {
  return text.split('\n').slice(0, -1);
}
