import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BoardError, findBoard } from '../boards/board-file.ts';
import { readTextFile, TextFileError } from './text-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'deskmate-text-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

execFileSync('mkfifo', [at('pipe')]);
symlinkSync(at('pipe'), at('link-to-pipe'));
symlinkSync(at('round'), at('round'));
writeFileSync(at('huge'), '');
truncateSync(at('huge'), 8 * 1024 ** 3);

const cases = [
  ['a pipe that nobody writes', at('pipe'), 'EINVAL', 'a pipe, expected a file'],
  ['a link to one', at('link-to-pipe'), 'EINVAL', 'a pipe, expected a file'],
  ['a folder', folder, 'EINVAL', 'a folder, expected a file'],
  ['a device without an end', '/dev/zero', 'EINVAL', 'a device, expected a file'],
  ['a file of 8 GiB', at('huge'), 'EFBIG', '8589934592 bytes, expected at most 4194304'],
  ['a link to itself', at('round'), 'ELOOP', 'a link that leads to itself'],
  ['nothing', at('missing'), 'ENOENT', 'there is no such file'],
  ['a name too long', at('x'.repeat(300)), 'ENAMETOOLONG', 'cannot be read'],
] as const;

describe('a text file', () => {
  it('is read whole, also one that the kernel makes as it is read', () => {
    const text = 'åäö\n'.repeat(50_000);
    writeFileSync(at('text'), text);
    expect(readTextFile(at('text'))).toBe(text);
    expect(readTextFile('/proc/self/status')).toContain('Pid:');
  });

  it.each(cases)('in whose place is %s is refused, with what to do', (_, path, code, words) => {
    const refused = (): string => readTextFile(path);
    expect(refused).toThrow(TextFileError);
    expect(refused).toThrow(expect.objectContaining({ code }));
    expect(refused).toThrow(words);
  });

  it.each(cases)(
    'of a board in whose place is %s: which file, and what',
    (_, path, _code, words) => {
      const refused = (): unknown => findBoard(path);
      expect(refused).toThrow(BoardError);
      expect(refused).toThrow(`${path}: the board file: `);
      expect(refused).toThrow(words);
    },
  );
});
