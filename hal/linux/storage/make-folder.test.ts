import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder } from './make-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folder-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('makes what is missing, for its owner only, and again', async () => {
  const deep = join(folder, 'a/b/c');
  await Promise.all([makeFolder(deep, 0o700), makeFolder(deep, 0o700)]);
  await makeFolder(deep, 0o700);
  expect((await stat(join(folder, 'a'))).mode & 0o777).toBe(0o700);
  expect((await stat(deep)).isDirectory()).toBe(true);
});

test('a file in the way is an error, not a folder', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  await expect(makeFolder(file, 0o700)).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolder(join(file, 'a/b'), 0o700)).rejects.toMatchObject({ code: 'ENOTDIR' });
});

test('a place where nothing can be made is an error, not a wait for ever', async () => {
  await expect(makeFolder('/proc/deskmate/state', 0o700)).rejects.toMatchObject({ code: 'ENOENT' });
});
