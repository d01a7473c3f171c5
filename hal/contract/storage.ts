import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Storage } from '../ports/storage.ts';
import { type Bench, contract, settled } from './bench.ts';

interface StorageBench extends Bench {
  readonly storage: Storage;
  /** The same storage as the next process finds it: after a restart, a crash, a power cut. */
  reopen(): Promise<Storage>;
  /** Leaves half a line at the end of a file, as a power cut in `append` may. */
  tear(name: string, half: string): Promise<void>;
}

/** The promises of the Storage port. */
export const storageContract = contract<StorageBench>('storage', (bench) => {
  it(
    'has nothing at first',
    bench(async ({ storage }) => {
      expect(await storage.read('a.json')).toBeUndefined();
      expect(await storage.readLines('a.log')).toEqual([]);
      await storage.remove('a.json');
    }),
  );

  it(
    'keeps what was written, whatever the text, over a restart',
    bench(async (it) => {
      for (const text of ['', 'one', 'two\nlines\n', 'é\u0000\u{1f916}', 'x'.repeat(200_000)]) {
        await it.storage.write('state.json', text);
        expect(await it.storage.read('state.json')).toBe(text);
        expect(await (await it.reopen()).read('state.json')).toBe(text);
      }
    }),
  );

  it(
    'appends lines in the order of the calls, and keeps them over a restart',
    bench(async (it) => {
      const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`);
      await Promise.all(lines.map((line) => it.storage.append('usage.log', line)));
      expect(await it.storage.readLines('usage.log')).toEqual(lines);
      expect(await (await it.reopen()).readLines('usage.log')).toEqual(lines);
    }),
  );

  it(
    'writes in the order of the calls: the last one wins',
    bench(async (it) => {
      const texts = Array.from({ length: 20 }, (_, i) => `${i}`);
      await Promise.all(texts.map((text) => it.storage.write('state.json', text)));
      expect(await it.storage.read('state.json')).toBe('19');
    }),
  );

  it(
    'drops a torn last line, and the next line does not suffer from it',
    bench(async (it) => {
      await it.storage.append('usage.log', 'whole');
      await it.tear('usage.log', '{"half":');
      const storage = await it.reopen();
      expect(await storage.readLines('usage.log')).toEqual(['whole']);
      await storage.append('usage.log', 'next');
      expect(await storage.readLines('usage.log')).toEqual(['whole', 'next']);
    }),
  );

  it(
    'removes, once or twice',
    bench(async ({ storage }) => {
      await storage.write('state.json', 'x');
      await storage.append('usage.log', 'x');
      for (const name of ['state.json', 'usage.log', 'usage.log']) await storage.remove(name);
      expect(await storage.read('state.json')).toBeUndefined();
      expect(await storage.readLines('usage.log')).toEqual([]);
    }),
  );

  it(
    'moves a file over another, over a restart; one that is not there moves nothing',
    bench(async (it) => {
      await it.storage.write('state.json', 'new');
      await it.storage.write('old.json', 'old');
      await it.storage.rename('state.json', 'old.json');
      await it.storage.rename('state.json', 'old.json');
      const storage = await it.reopen();
      expect(await storage.read('state.json')).toBeUndefined();
      expect(await storage.read('old.json')).toBe('new');
      await Promise.all([storage.rename('old.json', 'b'), storage.rename('b', 'old.json')]);
      expect(await storage.read('old.json')).toBe('new');
    }),
  );

  it(
    'lists what there is, over a restart',
    bench(async (it) => {
      expect(await it.storage.list()).toEqual([]);
      await it.storage.write('state.json', 'x');
      await it.storage.append('a.log', 'x');
      expect(await (await it.reopen()).list()).toEqual(['a.log', 'state.json']);
    }),
  );

  it(
    'refuses names that are no plain file names, and lines that are not one',
    bench(async (it) => {
      const names = ['', '.', '..', '../up', 'a/b', '/etc/passwd', 'a\u0000b', '.hidden', 'é'];
      for (const name of [...names, 'x'.repeat(200)]) {
        await expect(settled(it, it.storage.write(name, 'x'))).rejects.toThrow();
        await expect(settled(it, it.storage.append(name, 'x'))).rejects.toThrow();
        await expect(settled(it, it.storage.read(name))).rejects.toThrow();
        await expect(settled(it, it.storage.readLines(name))).rejects.toThrow();
        await expect(settled(it, it.storage.remove(name))).rejects.toThrow();
        await expect(settled(it, it.storage.rename(name, 'x'))).rejects.toThrow();
        await expect(settled(it, it.storage.rename('x', name))).rejects.toThrow();
      }
      await expect(settled(it, it.storage.append('a.log', 'two\nlines'))).rejects.toThrow();
      expect(await it.storage.readLines('a.log')).toEqual([]);
    }),
  );

  it(
    'gives back any line that was appended',
    bench(async ({ storage }) => {
      const kept: string[] = [];
      const line = fc
        .string({ unit: 'binary', maxLength: 40 })
        .filter((text) => !text.includes('\n'));
      await fc.assert(
        fc.asyncProperty(line, async (text) => {
          await storage.append('any.log', text);
          kept.push(text);
        }),
        { seed: 5, numRuns: 40 },
      );
      expect(await storage.readLines('any.log')).toEqual(kept);
    }),
  );
});
