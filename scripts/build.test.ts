import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeOld } from './build.mjs';

describe('what earlier builds left', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'deskmate-build-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('goes, and what is new, another’s bundle and another’s folder stay', async () => {
    const files = {
      new: ['agent.js', 'shared-AAAAAAAA.js', 'pages/home/index.html', 'speech/hello.wav'],
      old: ['shared-BBBBBBBB.js', 'shared-BBBBBBBB.js.map', 'pages/chunks/a-CCCCCCCC.js'],
      others: ['vm-host.js', 'deb/root/pages/old.html', 'deb/shared-DDDDDDDD.js'],
    };
    for (const file of Object.values(files).flat()) {
      await mkdir(path.join(folder, path.dirname(file)), { recursive: true });
      await writeFile(path.join(folder, file), '');
    }
    await removeOld(folder, new Set(files.new.map((file) => path.join(folder, file))));
    const left = await readdir(folder, { recursive: true, withFileTypes: true });
    const names = left
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
    expect(names.sort()).toEqual([...files.new, ...files.others].sort());
  });

  // To root no folder is closed: who builds as anybody else would see this fail.
  it('goes beside a folder that cannot be read', async () => {
    const closed = path.join(folder, 'deb');
    await mkdir(closed, { mode: 0 });
    await writeFile(path.join(folder, 'shared-BBBBBBBB.js'), '');
    try {
      await removeOld(folder, new Set());
    } finally {
      await chmod(closed, 0o700);
    }
    expect(await readdir(folder)).toEqual(['deb']);
  });
});
