import { execFile as execFileWithCallback } from 'node:child_process';
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storageContract } from '../../contract/storage.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { FileStorage } from './file-storage.ts';

const execFile = promisify(execFileWithCallback);
const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'storage-'));

storageContract('files of a folder', async () => {
  const folder = await temporaryFolder();
  return {
    storage: await FileStorage.open(folder),
    reopen: () => FileStorage.open(folder),
    tear: (name, half) => appendFile(join(folder, name), half),
    // Files take real time, which nobody here has to wait for in beats.
    pass: () => new Promise((resolve) => setImmediate(resolve)),
    now: () => performance.now(),
    close: () => rm(folder, { recursive: true }),
  };
});

describe('file storage', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('makes its folder, for its own user only, and leaves no temporary file', async () => {
    const inside = join(folder, 'data', 'agent');
    const storage = await FileStorage.open(inside);
    await storage.write('state.json', 'x');
    expect(await readdir(inside)).toEqual(['state.json']);
    expect((await stat(inside)).mode & 0o777).toBe(0o700);
    expect((await stat(join(inside, 'state.json'))).mode & 0o777).toBe(0o600);
  });

  it('makes its folder again when somebody took it away meanwhile', async () => {
    const inside = join(folder, 'state');
    const storage = await FileStorage.open(inside);
    for (const again of [
      () => storage.write('pause.json', 'x'),
      () => storage.append('records', 'x'),
      () => storage.remove('pause.json'),
      () => storage.rename('records', 'older'),
    ]) {
      await rm(inside, { recursive: true });
      await again();
      expect((await stat(inside)).mode & 0o777).toBe(0o700);
    }
  });

  it('replaces what a crash left of a write', async () => {
    await writeFile(join(folder, '.state.json.new'), 'half');
    const storage = await FileStorage.open(folder);
    expect(await storage.read('state.json')).toBeUndefined();
    await storage.write('state.json', 'whole');
    expect(await storage.read('state.json')).toBe('whole');
  });

  it.each([
    ['a pipe', (path: string) => execFile('mkfifo', [path])],
    ['a folder', (path: string) => mkdir(join(path, 'inside'), { recursive: true })],
    [
      'a link to a pipe',
      async (path: string) => {
        await execFile('mkfifo', [`${path}.pipe`]);
        await symlink(`${path}.pipe`, path);
      },
    ],
    ['a link to a device', (path: string) => symlink('/dev/zero', path)],
  ])(
    'refuses %s where a file should be, and takes it for nothing while it writes',
    async (_, put) => {
      const storage = await FileStorage.open(folder);
      await put(join(folder, 'state.json'));
      for (const act of [
        () => storage.read('state.json'),
        () => storage.readLines('state.json'),
        () => storage.append('state.json', 'line'),
      ])
        await expect(act()).rejects.toMatchObject({ kind: 'badData', message: /expected a file/ });
      await storage.rename('state.json', 'aside');
      await put(join(folder, '.state.json.new'));
      await storage.write('state.json', 'whole');
      expect(await storage.read('state.json')).toBe('whole');
    },
  );

  it('does not take a link to a disk that is not there for a file that never was', async () => {
    await symlink(join(folder, 'unmounted', 'keys.json'), join(folder, 'keys.json'));
    const storage = await FileStorage.open(folder);
    await expect(storage.read('keys.json')).rejects.toMatchObject({
      kind: 'noAnswer',
      message: /a link to what is not there/,
    });
    await expect(storage.append('keys.json', 'line')).rejects.toThrow(/not there/);
  });

  it('writes nothing through a link in the place of its temporary file', async () => {
    await writeFile(join(folder, 'other'), 'mine');
    await symlink(join(folder, 'other'), join(folder, '.state.json.new'));
    const storage = await FileStorage.open(folder);
    await storage.write('state.json', 'whole');
    expect(await readFile(join(folder, 'other'), 'utf8')).toBe('mine');
    expect(await readFile(join(folder, 'state.json'), 'utf8')).toBe('whole');
  });

  it('drops a first line that was torn', async () => {
    await writeFile(join(folder, 'usage.log'), 'torn');
    const storage = await FileStorage.open(folder);
    await storage.append('usage.log', 'first');
    expect(await storage.readLines('usage.log')).toEqual(['first']);
  });

  it('says in one line what is wrong with the disk, and goes on with the next call', async () => {
    const storage = await FileStorage.open(folder);
    await rm(folder, { recursive: true });
    await writeFile(folder, 'a file in its place');
    const failure = await storage.write('state.json', 'x').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(HardwareFault);
    expect(String(failure)).toMatch(/state\.json: ENOTDIR; check/);
    await rm(folder);
    await storage.write('state.json', 'x');
    expect(await storage.read('state.json')).toBe('x');
  });

  it('writes where a folder stands, and keeps that under another name', async () => {
    const storage = await FileStorage.open(folder);
    for (const [name, inside] of [
      ['empty.json', undefined],
      ['full.json', 'photo'],
    ] as const) {
      await mkdir(join(folder, name));
      if (inside) await writeFile(join(folder, name, inside), 'of a holiday');
      await expect(storage.read(name)).rejects.toMatchObject({ kind: 'badData' });
      await storage.write(name, '{}');
      expect(await storage.read(name)).toBe('{}');
      const aside = (await readdir(folder)).filter((one) => one.startsWith(`${name}.folder-`));
      expect(aside).toHaveLength(1);
      expect(await readdir(join(folder, aside[0] ?? ''))).toEqual(inside ? [inside] : []);
    }
  });

  it('does not read a file that would fill the memory, and can put it aside', async () => {
    const storage = await FileStorage.open(folder);
    await truncate(await madeFile('state.json'), 9 * 1024 * 1024);
    await expect(storage.read('state.json')).rejects.toMatchObject({ kind: 'badData' });
    await storage.rename('state.json', 'aside');
    expect(await storage.read('state.json')).toBeUndefined();
  });

  async function madeFile(name: string): Promise<string> {
    await writeFile(join(folder, name), '');
    return join(folder, name);
  }

  it('cannot be opened where a file is in the way', async () => {
    const path = join(folder, 'file');
    await writeFile(path, '');
    await chmod(path, 0o600);
    await expect(FileStorage.open(path)).rejects.toThrow(HardwareFault);
    const late = FileStorage.at(path);
    await expect(late.read('state.json')).rejects.toThrow(HardwareFault);
    await rm(path);
    await late.write('state.json', 'x');
    expect(await late.read('state.json')).toBe('x');
  });
});
