/**
 * Every released version against this one, and this one against future versions: whichever starts
 * on the other's disk, as after an update or a rollback, nothing is lost, and nobody is let in who
 * was not bound. formats/ holds each release's files and its own code (scripts/formats.mjs).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MemoryStorage } from '../../sim/testing/memory-storage.ts';
import * as current from './testing/robot.ts';

const folder = new URL('./formats/', import.meta.url);
const releases = readdirSync(folder);

/** The same robot, run by the code of a release. */
const codeOf = async (version: string): Promise<typeof current> =>
  import(new URL(`${version}/robot.js`, folder).href);
const seenBy = (version: string): current.Seen =>
  JSON.parse(readFileSync(new URL(`${version}/seen.json`, folder), 'utf8'));

function diskOf(version: string): MemoryStorage {
  const files = new URL(`${version}/files/`, folder);
  return copied(
    readdirSync(files).map((name) => [name, readFileSync(new URL(name, files), 'utf8')]),
  );
}

function copied(files: Iterable<readonly [string, string]>): MemoryStorage {
  const disk = new MemoryStorage();
  for (const [name, text] of files) disk.leave(name, text);
  return disk;
}

async function livedNow(): Promise<MemoryStorage> {
  const disk = new MemoryStorage();
  await current.live(disk);
  return disk;
}

/** Reading closes an open record, so each reader gets its own disk. */
const seen = (code: typeof current, { contents }: MemoryStorage): Promise<current.Seen> =>
  code.read(copied(contents));

const isJson = (name: string): boolean => /\.json(\.bak)?$/.test(name);
const isLines = (name: string): boolean => name.endsWith('.jsonl');

/** Rewrites each JSON file; added fields go last. */
function changed(
  { contents }: MemoryStorage,
  change: (fields: Record<string, unknown>, name: string) => object,
): MemoryStorage {
  return copied(
    [...contents].map(([name, text]) => [
      name,
      isJson(name) ? JSON.stringify(change(JSON.parse(text), name)) : text,
    ]),
  );
}

const kindOf = (name: string): string => name.replace(/(-open)?\.json.*/, '');
const asOf =
  (version: number, minReader: number, later: object) => (fields: object, name: string) => ({
    ...fields,
    ...{ schema: `${kindOf(name)}/${version}`, minReader },
    ...later,
  });

/** Fields of a future version, which an older one may read and keep. */
const LATER = { later: { deep: [true] } };

describe.each(releases)('version %s and this one', (version) => {
  it('this version reads all its files', async () => {
    expect(await seen(current, diskOf(version))).toEqual(seenBy(version));
  });

  it('it reads all files of this version', async () => {
    const disk = await livedNow();
    expect(await seen(await codeOf(version), disk)).toEqual(await seen(current, disk));
  });

  it('each reads its files after the other has rewritten them', async () => {
    const old = await codeOf(version);
    const disk = diskOf(version);
    for (const [n, code] of [current, old, current, old].entries()) {
      const before = await seen(code, disk);
      await code.rewrite(disk, 10 + n);
      for (const reader of [current, old]) {
        const now = await seen(reader, disk);
        const { guests: had } = before as { guests: { devices: []; invitations: [] } };
        expect(now).toMatchObject({ keys: before.keys, guests: { devices: had.devices } });
        // A new invitation of this version revokes open older ones; one of 0.1.0 does not.
        const isOld = code === old;
        const kept = isOld ? had.invitations : [];
        expect(now.guests).toMatchObject({ invitations: expect.arrayContaining(kept) });
        expect(now.presets).toMatchObject({ board: { pan: 20 + n } });
        expect(now.usage).toEqual(before.usage);
        expect(now.clocks).toHaveLength(isOld ? before.clocks.length + 1 : 1);
        expect(now.time).toEqual({ knownMs: 1_768_204_800_010 + n, boot: 'sure' });
      }
    }
  });

  it('it reads the files of a future version, and keeps their fields', async () => {
    const old = await codeOf(version);
    const plain = await livedNow();
    const disk = changed(plain, asOf(7, 1, LATER));
    expect(await seen(old, disk)).toEqual(await seen(current, plain));
    await old.rewrite(disk, 1);
    for (const name of ['access.json', 'presets.json', 'time.json', 'robot-keys.json'])
      expect(JSON.parse(disk.contents.get(name) ?? ''), name).toMatchObject({
        ...{ schema: `${kindOf(name)}/7`, minReader: 1 },
        ...LATER,
      });
  });
});

it('docs/state.md lists each file and its schema', async () => {
  const text = readFileSync(new URL('../../docs/state.md', import.meta.url), 'utf8');
  for (const [name, content] of (await livedNow()).contents) {
    if (name.endsWith('.bak')) continue;
    const row = text.split('\n').find((line) => new RegExp(`^\\|.*${name}`).test(line));
    expect(row, name).toBeDefined();
    if (isJson(name)) expect(row, name).toContain(`\`${JSON.parse(content).schema}\``);
  }
});

describe('a future version', () => {
  it('that this version may read is read, and keeps all its fields', async () => {
    const plain = await livedNow();
    const disk = changed(plain, asOf(7, 1, LATER));
    const line = '{"of":"later","minReader":7}';
    for (const name of [...disk.contents.keys()].filter(isLines)) await disk.append(name, line);
    expect(await seen(current, disk)).toEqual(await seen(current, plain));
    await current.rewrite(disk, 20);
    await current.read(disk);
    for (const [name, text] of disk.contents) {
      const rewritten = isJson(name) && !/^(pause|calibration|usage-open)/.test(name);
      if (rewritten)
        expect(JSON.parse(text), name).toMatchObject({
          ...{ schema: `${kindOf(name)}/7`, minReader: 1 },
          ...LATER,
        });
    }
    const lines = [...disk.contents].filter(([name]) => isLines(name)).map(([, text]) => text);
    expect(lines.join('')).toContain(line);
    expect(lines.join('')).toContain('{"of":"a version to come"}');
  });

  it('that this version may not read: nobody is let in, all is kept, and that version restores it', async () => {
    const plain = await livedNow();
    const disk = changed(plain, (fields, name) => asOf(7, 7, LATER)({ theirs: fields }, name));
    expect(await seen(current, disk)).toMatchObject({
      ...{ keys: 'closed', guests: undefined, clocks: [], pause: 'paused', calibration: 'none' },
      presets: { board: { pan: 0, tilt: 8 } },
      time: { knownMs: 0, boot: 'none' },
      // Complete records are separate lines.
      usage: (await seen(current, plain)).usage.slice(0, -1),
    });
    const theirs = new Map(disk.contents);
    await current.read(disk);
    for (const name of ['access.json', 'robot-keys.json', 'presets.json', 'time.json']) {
      expect(disk.contents.get(`${name}.newer-1`), name).toBe(theirs.get(name));
    }
    for (const [name, text] of disk.contents)
      if (name.includes('.newer-')) disk.leave(name, JSON.stringify(JSON.parse(text).theirs));
    for (const name of ['pause.json', 'calibration.json'])
      disk.leave(name, plain.contents.get(name) ?? '');
    const before = await seen(current, plain);
    // The other records were sent meanwhile.
    const usage = before.usage.slice(-1);
    expect(await seen(current, disk)).toEqual({ ...before, usage });
  });

  it('with one unreadable file affects that file only', async () => {
    const plain = await livedNow();
    const whole = await seen(current, plain);
    for (const kind of ['access', 'robot-keys', 'presets', 'time', 'invitation-clocks', 'pause']) {
      const disk = changed(plain, (fields, name) =>
        kindOf(name) === kind ? asOf(7, 7, {})({}, name) : fields,
      );
      const now = await seen(current, disk);
      if (kind !== 'robot-keys') expect(now.keys, kind).toBe(whole.keys);
      if (kind !== 'access' && kind !== 'robot-keys')
        expect(now.guests, kind).toMatchObject({
          devices: (whole.guests as { devices: string[] }).devices,
        });
      expect(now.usage, kind).toEqual(whole.usage);
      expect(now.calibration, kind).toEqual(whole.calibration);
    }
  });
});
