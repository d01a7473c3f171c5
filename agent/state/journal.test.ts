import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../hal/ports/log.ts';
import { MemoryStorage } from '../../sim/testing/memory-storage.ts';
import { OUTBOX_FILE, type Outbox, outboxOn, parseRecord } from '../usage/outbox.ts';
import { JOURNAL_LIMITS, Journal, journalFiles } from './journal.ts';

const { acknowledged: SENT_FILE, strange: STRANGE_FILE } = journalFiles('usage');
const { lines: SEGMENT_LINES, closed: MAX_SEALED, strange: MAX_STRANGE } = JOURNAL_LIMITS;

const record = (n: number) => ({
  id: n.toString(16).padStart(32, '0'),
  robot: 'robot-1',
  ...{ start: 1_000 * n, end: 1_000 * n + 500, minutes: 0.01, why: 'hangUp' },
});
const idOf = (n: number): string => record(n).id;

/** Counts its writes, and may be full. */
class CountingDisk extends MemoryStorage {
  bytes = 0;
  full = false;

  override async write(name: string, text: string): Promise<void> {
    this.spend(text.length);
    return super.write(name, text);
  }

  override async append(name: string, line: string): Promise<void> {
    this.spend(line.length + 1);
    return super.append(name, line);
  }

  private spend(bytes: number): void {
    if (this.full) throw new Error('ENOSPC');
    this.bytes += bytes;
  }
}

let disk: CountingDisk;
beforeEach(() => {
  disk = new CountingDisk();
});

const open = (): Outbox => outboxOn(disk, silentLog);
const names = (): string[] => [...disk.contents.keys()].sort();

async function filled(from: number, to: number, outbox = open()): Promise<Outbox> {
  for (let n = from; n <= to; n++) await outbox.append(record(n));
  return outbox;
}

/** Sends everything, as the fleet would receive it. */
async function sendAll(outbox: Outbox, most = Number.POSITIVE_INFINITY): Promise<string[]> {
  const sent: string[] = [];
  for (let next = await outbox.oldest(); next && sent.length < most; next = await outbox.oldest()) {
    sent.push(next.id);
    await outbox.acknowledge(next.id);
  }
  return sent;
}

const ids = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => idOf(from + i));

describe('a journal', () => {
  it('keeps unreadable lines, whatever else is sent', async () => {
    disk.leave(
      OUTBOX_FILE,
      `${JSON.stringify({ version: 9, of: 'the future' })}\n${JSON.stringify(record(1))}\nnot JSON\n`,
    );
    expect(await sendAll(open())).toEqual([idOf(1)]);
    await filled(2, 2);
    expect(await sendAll(open())).toEqual([idOf(2)]);
    const left = [...disk.contents.values()].join('');
    expect(left).toBe('{"version":9,"of":"the future"}\nnot JSON\n');
  });

  it('sends fields that a newer version has added to a record', async () => {
    const newer = { ...record(1), bootId: 'b', why: 'moved', deep: { x: [1] } };
    disk.leave(OUTBOX_FILE, `${JSON.stringify(newer)}\n`);
    expect(await open().oldest()).toEqual(newer);
  });

  it('reads lines that an earlier version could only keep', async () => {
    disk.leave(STRANGE_FILE, `strange\n${JSON.stringify(record(7))}\n`);
    expect(await sendAll(open())).toEqual([idOf(7)]);
    expect(disk.contents.get(STRANGE_FILE)).toBe('strange\n');
  });

  it('marks 800 records in a few bytes each, and leaves no files behind', async () => {
    const outbox = await filled(1, 800);
    disk.bytes = 0;
    expect(await sendAll(outbox)).toEqual(ids(1, 800));
    expect(disk.bytes).toBeLessThan(800 * 40);
    expect(names()).toEqual([]);
  });

  it('resumes after a restart, in order', async () => {
    await sendAll(await filled(1, 1_300), 700);
    expect(await sendAll(open(), 10)).toEqual(ids(701, 710));
    await filled(1_301, 1_310);
    expect(await sendAll(open())).toEqual(ids(711, 1_310));
    expect(names()).toEqual([]);
  });

  it('takes over the one file of earlier versions, and leaves them what they would send', async () => {
    const lines = ids(1, 3).map((_, i) => `${JSON.stringify(record(i + 1))}\n`);
    disk.leave(OUTBOX_FILE, lines.join(''));
    const outbox = open();
    await outbox.acknowledge(idOf(1));
    await outbox.append(record(4));
    // Such a version reads this file only and knows no marks: it sends one twice, and loses none.
    const seen = (await disk.readLines(OUTBOX_FILE)).map((line) => JSON.parse(line).id);
    expect(seen).toEqual(ids(1, 4));
    expect(await sendAll(open())).toEqual(ids(2, 4));
  });

  it('holds a bounded number of records; the oldest are dropped first', async () => {
    const most = (MAX_SEALED + 1) * SEGMENT_LINES;
    await filled(1, most + 1);
    expect(names()).toHaveLength(MAX_SEALED + 1);
    const sent = await sendAll(open());
    expect(sent).toEqual(ids(SEGMENT_LINES + 1, most + 1));
    expect(names()).toEqual([]);
  });

  it('holds a bounded number of unreadable lines', async () => {
    for (let n = 0; n < MAX_STRANGE + 10; n++) {
      disk.leave(OUTBOX_FILE, `strange ${n}\n`);
      await open().oldest();
    }
    const kept = await disk.readLines(STRANGE_FILE);
    expect(kept).toHaveLength(MAX_STRANGE);
    expect(kept[0]).toBe('strange 10');
  });

  it('keeps sending while the disk is full', async () => {
    const outbox = await filled(1, 5);
    disk.full = true;
    expect(await sendAll(outbox)).toEqual(ids(1, 5));
    expect(names()).toEqual([]);
    await expect(outbox.append(record(6))).rejects.toThrow();
    disk.full = false;
    await outbox.append(record(6));
    expect(await sendAll(open())).toEqual([idOf(6)]);
  });

  it('finds every complete line of a file truncated at any byte', async () => {
    await sendAll(await filled(1, 4), 1);
    for (const name of [OUTBOX_FILE, SENT_FILE]) {
      const before = new Map(disk.contents);
      const whole = before.get(name) ?? '';
      for (let cut = 0; cut <= whole.length; cut++) {
        for (const [other, text] of before) disk.leave(other, text);
        disk.leave(name, whole.slice(0, cut));
        const lines = whole.slice(0, cut).split('\n').length - 1;
        const outbox = open();
        await outbox.append(record(9));
        const sent = await sendAll(outbox);
        if (name === OUTBOX_FILE)
          expect(sent).toEqual([...ids(2, 4).slice(0, Math.max(0, lines - 1)), idOf(9)]);
        else expect(sent).toEqual([...ids(lines === 1 ? 2 : 1, 4), idOf(9)]);
      }
      for (const [other, text] of before) disk.leave(other, text);
    }
  });

  it('loses no record and sends no record that was marked, wherever the disk fails permanently', async () => {
    // Each call that changes the disk is the last one in some run.
    for (let last = 0; last < 60; last++) {
      disk = new CountingDisk();
      let left = last;
      const dies =
        <A extends unknown[]>(act: (...args: A) => Promise<void>) =>
        (...args: A): Promise<void> =>
          left-- > 0 ? act(...args) : new Promise(() => {});
      const dying = disk;
      dying.append = dies(disk.append.bind(disk));
      dying.write = dies(disk.write.bind(disk));
      dying.remove = dies(disk.remove.bind(disk));
      dying.rename = dies(disk.rename.bind(disk));
      const added: string[] = [];
      const acknowledged: string[] = [];
      const marked: string[] = [];
      const outbox = outboxOn(dying, silentLog);
      void (async () => {
        for (let n = 1; n <= 20; n++) {
          await outbox.append(record(n));
          added.push(idOf(n));
        }
        for (let next = await outbox.oldest(); next; next = await outbox.oldest()) {
          acknowledged.push(next.id);
          await outbox.acknowledge(next.id);
          marked.push(next.id);
        }
      })();
      for (let turn = 0; turn < 2_000; turn++) await Promise.resolve();
      const after = new MemoryStorage();
      for (const [name, text] of disk.contents) after.leave(name, text);
      const sent = await sendAll(outboxOn(after, silentLog));
      expect(sent).toEqual(
        expect.arrayContaining(added.filter((id) => !acknowledged.includes(id))),
      );
      for (const id of marked) expect(sent).not.toContain(id);
    }
  });

  it('accepts a line with an envelope, as version 0.1.0 makes of an open record, and strips it', async () => {
    const { id } = record(1);
    disk.leave(
      OUTBOX_FILE,
      `${JSON.stringify({ schema: 'usage/1', minReader: 1, ...record(1) })}\n`,
    );
    expect(await open().oldest()).toEqual(record(1));
    const theirs = JSON.stringify({ schema: 'usage/9', minReader: 9, ...record(1) });
    disk.leave(OUTBOX_FILE, `${theirs}\n`);
    expect(await sendAll(open())).not.toContain(id);
    expect(disk.contents.get(STRANGE_FILE)).toBe(`${theirs}\n`);
  });

  it('that is never empty does not keep marks for ever', async () => {
    const outbox = await filled(1, 1);
    for (let n = 2; n <= 8 * SEGMENT_LINES; n++) {
      await outbox.append(record(n));
      await outbox.acknowledge(idOf(n - 1));
    }
    const marks = await disk.readLines(SENT_FILE);
    expect(marks.length).toBeLessThanOrEqual(4 * SEGMENT_LINES);
    expect(await sendAll(open())).toEqual([idOf(8 * SEGMENT_LINES)]);
    expect(names()).toEqual([]);
  });

  it('closes a segment of long lines well before its file is too large to read', async () => {
    const long = { note: 'x'.repeat(JOURNAL_LIMITS.bytes / 4) };
    const outbox = open();
    for (let n = 1; n <= 12; n++) await outbox.append({ ...record(n), ...long });
    for (const text of disk.contents.values())
      expect(text.length).toBeLessThan(2 * JOURNAL_LIMITS.bytes);
    expect(await sendAll(open())).toEqual(ids(1, 12));
  });
});

/** Writes a number of bytes, then nothing: a power cut. The call cut midway never resolves. */
class DyingDisk extends MemoryStorage {
  constructor(public bytesLeft: number) {
    super();
  }

  override async append(name: string, line: string): Promise<void> {
    const bytes = `${line}\n`;
    if (!this.spend(bytes.length)) {
      const before = (await this.readLines(name)).map((whole) => `${whole}\n`).join('');
      this.leave(name, `${before}${bytes.slice(0, this.bytesLeft + bytes.length)}`);
      return new Promise(() => {});
    }
    return super.append(name, line);
  }

  override write = (name: string, text: string): Promise<void> =>
    this.atomic(text.length, () => super.write(name, text));
  override remove = (name: string): Promise<void> => this.atomic(1, () => super.remove(name));
  override rename = (from: string, to: string): Promise<void> =>
    this.atomic(1, () => super.rename(from, to));

  /** Either nothing is written, or all of it but the call never resolves. */
  private async atomic(bytes: number, act: () => Promise<void>): Promise<void> {
    if (!this.spend(bytes)) return new Promise(() => {});
    await act();
    if (!this.spend(1)) return new Promise(() => {});
  }

  private spend(bytes: number): boolean {
    this.bytesLeft -= bytes;
    return this.bytesLeft >= 0;
  }
}

interface Life {
  readonly added: string[];
  readonly sent: string[];
  readonly acknowledged: string[];
}

type Act = 'append' | 'acknowledge' | 'restart' | 'stranger';

/** Small segments, so that a short run closes many. */
const small = { lines: 4, bytes: 1_000, closed: 15, strange: 256 };
const smallOn = (storage: MemoryStorage) =>
  new Journal(storage, silentLog, { name: 'usage', parse: parseRecord }, small);

async function lived(dying: DyingDisk, acts: readonly Act[], life: Life): Promise<void> {
  let journal = smallOn(dying);
  for (const [n, act] of acts.entries()) {
    if (act === 'restart') journal = smallOn(dying);
    if (act === 'stranger') {
      await dying.append(OUTBOX_FILE, `{"of":${n}}`);
      journal = smallOn(dying);
    }
    if (act === 'append') {
      await journal.append(record(n));
      life.added.push(idOf(n));
    }
    const next = act === 'acknowledge' ? await journal.oldest() : undefined;
    if (!next) continue;
    life.sent.push(next.id);
    await journal.acknowledge(next.id);
    life.acknowledged.push(next.id);
  }
}

describe('a journal whose power is cut at any byte', () => {
  const acts = fc.array(
    fc.constantFrom<Act>(
      'append',
      'append',
      'append',
      'acknowledge',
      'acknowledge',
      'restart',
      'stranger',
    ),
    { minLength: 1, maxLength: 60 },
  );

  it('loses no appended record, repeats no acknowledged one, and sends at most one twice', async () => {
    await fc.assert(
      fc.asyncProperty(acts, fc.nat({ max: 12_000 }), async (all, bytes) => {
        const dying = new DyingDisk(bytes);
        const life: Life = { added: [], sent: [], acknowledged: [] };
        await Promise.race([lived(dying, all, life), new Promise((end) => setImmediate(end))]);
        const after = new MemoryStorage();
        for (const [name, text] of dying.contents) after.leave(name, text);
        const found = await sendAll(smallOn(after));
        // One was being appended, and one being acknowledged, when power was cut.
        const whole = life.added.filter((id) => !life.sent.includes(id));
        expect(found.filter((id) => whole.includes(id))).toEqual(whole);
        expect(new Set(found).size).toBe(found.length);
        for (const id of life.acknowledged) expect(found).not.toContain(id);
        expect(found.length - whole.length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps every line of another version', async () => {
    await fc.assert(
      fc.asyncProperty(acts, async (all) => {
        const disk = new DyingDisk(Number.POSITIVE_INFINITY);
        await lived(disk, all, { added: [], sent: [], acknowledged: [] });
        await sendAll(smallOn(disk));
        const left = [...disk.contents.values()].join('');
        for (const [n, act] of all.entries())
          if (act === 'stranger') expect(left).toContain(`{"of":${n}}\n`);
      }),
    );
  });
});
