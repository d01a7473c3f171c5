import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { foldersOf, prepare } from './folders.ts';
import { OptionError } from './given.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folders-'));
  await writeFile(join(folder, 'file'), '');
});
afterEach(() => rm(folder, { recursive: true }));

it('makes them, for their owner only', async () => {
  const folders = foldersOf(join(folder, 'a/b'));
  await prepare(folders);
  expect((await stat(folders.data)).mode & 0o777).toBe(0o700);
});

it.each([
  ['a file', () => join(folder, 'file'), 'ENOTDIR'],
  ['a folder in a file', () => join(folder, 'file/x'), 'ENOTDIR'],
  ['a place where nothing can be made', () => '/proc/deskmate', 'ENOENT'],
])('%s as STATE is refused in one line', async (_what, state, code) => {
  const refused = prepare(foldersOf(state()), 'make run');
  await expect(refused).rejects.toThrow(OptionError);
  await expect(refused).rejects.toThrow(
    `STATE=${state()} is no folder that can be written (${code}). ` +
      'Leave STATE out, or name another folder: make run STATE=.sim/second',
  );
});
