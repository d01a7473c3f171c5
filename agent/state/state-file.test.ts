import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { enveloped } from '../../hal/common/envelope.ts';
import { silentLog } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { MemoryStorage } from '../../sim/testing/memory-storage.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { expectShape } from './parsing.ts';
import { MAX_SET_ASIDE, StateFile, type StateFormat, StateUnreadable } from './state-file.ts';

const Shape = z.looseObject({ n: z.number() });
type Shape = z.infer<typeof Shape>;
const format: StateFormat<Shape> = {
  schema: enveloped('a'),
  read: (json) => ({ value: expectShape(Shape, json), strange: 0 }),
  write: (value) => value,
};

let disk: MemoryStorage;
beforeEach(() => {
  disk = new MemoryStorage();
});

const open = (storage: Storage = disk) => new StateFile(storage, silentLog, 'a.json', format);
const names = (): string[] => [...disk.contents.keys()].sort();

describe('a state file', () => {
  it('returns what was saved, with fields that a newer version has added', async () => {
    expect(await open().load()).toEqual({ from: 'nothing' });
    await open().save({ n: 1, later: { deep: [true] } });
    const loaded = await open().load();
    expect(loaded).toEqual({ from: 'file', value: { n: 1, later: { deep: [true] } } });
  });

  it('is restored from its copy when truncated at any byte', async () => {
    await open().save({ n: 12_345 });
    const whole = disk.contents.get('a.json') ?? '';
    for (let cut = 0; cut < whole.length; cut++) {
      disk.leave('a.json', whole.slice(0, cut));
      expect(await open().load()).toEqual({ from: 'copy', value: { n: 12_345 } });
      expect(disk.contents.get('a.json')).toBe(whole);
    }
    disk.leave('a.json', whole);
    for (let cut = 0; cut < whole.length; cut++) {
      disk.leave('a.json.bak', whole.slice(0, cut));
      expect(await open().load()).toEqual({ from: 'file', value: { n: 12_345 } });
      expect(disk.contents.get('a.json.bak')).toBe(whole);
    }
  });

  it('keeps a bounded number of damaged files, including the first', async () => {
    await open().save({ n: 1 });
    for (let n = 0; n < 3 * MAX_SET_ASIDE; n++) {
      disk.leave('a.json', `damaged ${n}`);
      await open().load();
    }
    const aside = names().filter((name) => name.includes('corrupt'));
    expect(aside).toHaveLength(MAX_SET_ASIDE);
    expect(disk.contents.get('a.json.corrupt-1')).toBe('damaged 0');
  });

  it.each(['', '\u0000\u0000\u0000', '{', '[]', 'null', '{"n":"one"}', '{"m":1}'])(
    'that is %j, without a copy, is set aside and reported as damaged until written again',
    async (text) => {
      disk.leave('a.json', text);
      expect(await open().load()).toMatchObject({ from: 'damaged' });
      expect(names()).toEqual(['a.json.corrupt-1']);
      expect(await open().load()).toMatchObject({ from: 'damaged' });
      await open().save({ n: 2 });
      expect(await open().load()).toEqual({ from: 'file', value: { n: 2 } });
    },
  );

  it('does not count as missing while the disk cannot be read', async () => {
    await open().save({ n: 1 });
    const dead = guarded({ read: () => Promise.reject(new Error('EIO')) });
    await expect(open(dead).load()).rejects.toThrow(StateUnreadable);
    expect(names()).toEqual(['a.json', 'a.json.bak']);
    const half = guarded({
      read: (name) => (name === 'a.json' ? Promise.reject(new Error('EIO')) : disk.read(name)),
    });
    expect(await open(half).load()).toEqual({ from: 'copy', value: { n: 1 } });
  });

  it('leaves no old copy behind that would restore what was removed', async () => {
    await open().save({ n: 1 });
    const full = guarded({
      write: (name, text) =>
        name === 'a.json.bak' ? Promise.reject(new Error('ENOSPC')) : disk.write(name, text),
    });
    await open(full).save({ n: 2 });
    expect(names()).toEqual(['a.json']);
    await open().load();
    expect(disk.contents.get('a.json.bak')).toBe('{"schema":"a/1","minReader":1,"n":2}');
    await open().remove();
    expect(names()).toEqual([]);
  });

  describe('that only a newer version may read', () => {
    const theirs = '{"schema":"a/2","minReader":2,"n":1,"colour":"red"}';
    /** The newer version: it reads its own files and those of this version. */
    const newer: StateFormat<Shape> = {
      ...format,
      schema: { ...format.schema, migrations: [(f) => f, (f) => f], minReader: 2 },
    };
    const openNewer = () => new StateFile(disk, silentLog, 'a.json', newer);

    it.each<[string, Record<string, string>]>([
      ['with its copy', { 'a.json': theirs, 'a.json.bak': theirs }],
      ['before its copy was written', { 'a.json': theirs, 'a.json.bak': '{"n":0}' }],
      ['without a copy', { 'a.json': theirs }],
      ['with a copy that was cut', { 'a.json': theirs, 'a.json.bak': '{' }],
    ])('%s: is set aside, and taken back by that version', async (_, files) => {
      for (const [name, text] of Object.entries(files)) disk.leave(name, text);
      for (let start = 0; start < 3; start++)
        expect(await open().load()).toMatchObject({ from: 'newer' });
      expect(names().every((name) => /^a\.json\.(newer|corrupt|outdated)-\d$/.test(name))).toBe(
        true,
      );
      const back = { n: 1, colour: 'red' };
      expect(await openNewer().load()).toEqual({ from: 'file', value: back });
      expect(await openNewer().load()).toEqual({ from: 'file', value: back });
    });

    it('is restored once', async () => {
      for (const name of ['a.json', 'a.json.bak']) disk.leave(name, theirs);
      await open().load();
      await openNewer().load();
      await openNewer().remove();
      expect(await openNewer().load()).toEqual({ from: 'nothing' });
      expect(names()).toEqual([]);
    });

    it('is not restored where something was saved instead, and stays on disk', async () => {
      disk.leave('a.json', theirs);
      const older = open();
      await older.load();
      await older.save({ n: 5 });
      expect(await openNewer().load()).toEqual({ from: 'file', value: { n: 5 } });
      expect(disk.contents.get('a.json.newer-1')).toBe(theirs);
    });

    it('loses nothing when power is cut at any point of setting it aside', async () => {
      for (let cutMs = 0; cutMs < 60; cutMs++) {
        const clock = new SimClock();
        disk = new MemoryStorage({ clock, seed: cutMs, syncMs: 7 });
        disk.leave('a.json', theirs);
        disk.leave('a.json.bak', '{"n":0}');
        void open().load();
        await clock.advance(cutMs);
        disk.cutPower();
        for (const again of [open, openNewer]) {
          const loading = again().load();
          await clock.advance(200);
          const expected = again === open ? { from: 'newer' } : { value: { n: 1, colour: 'red' } };
          expect(await loading).toMatchObject(expected);
        }
      }
    });
  });

  it('that this version may read remains the newer version’s', async () => {
    disk.leave('a.json', '{"schema":"a/7","minReader":1,"n":1,"colour":"red"}');
    const file = open();
    const loaded = await file.load();
    expect(loaded).toEqual({ from: 'file', value: { n: 1, colour: 'red' } });
    if ('value' in loaded) await file.save({ ...loaded.value, n: 2 });
    expect(disk.contents.get('a.json')).toBe('{"schema":"a/7","minReader":1,"n":2,"colour":"red"}');
  });

  it('loses nothing that was reported as saved, wherever power is cut', async () => {
    for (let cutMs = 0; cutMs < 60; cutMs++) {
      const clock = new SimClock();
      disk = new MemoryStorage({ clock, seed: cutMs, syncMs: 7 });
      let saved = 0;
      void (async () => {
        for (let n = 1; ; n++) {
          await open().save({ n });
          saved = n;
        }
      })();
      await clock.advance(cutMs);
      disk.cutPower();
      const before = saved;
      const loading = open().load();
      await clock.advance(100);
      const loaded = await loading;
      if (before === 0 && loaded.from === 'nothing') continue;
      expect(loaded).toMatchObject({ from: 'file' });
      if ('value' in loaded) expect(loaded.value.n).toBeGreaterThanOrEqual(before);
    }
  });
});

function guarded(instead: Partial<Storage>): Storage {
  return {
    read: (name) => disk.read(name),
    readLines: (name) => disk.readLines(name),
    write: (name, text) => disk.write(name, text),
    append: (name, line) => disk.append(name, line),
    list: () => disk.list(),
    remove: (name) => disk.remove(name),
    rename: (from, to) => disk.rename(from, to),
    ...instead,
  };
}
