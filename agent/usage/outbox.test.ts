import { beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../hal/ports/log.ts';
import { MemoryStorage } from '../../sim/testing/memory-storage.ts';
import {
  MAX_SEALED,
  MAX_STRANGE,
  OUTBOX_FILE,
  Outbox,
  SEGMENT_LINES,
  SENT_FILE,
  STRANGE_FILE,
} from './outbox.ts';

const record = (n: number) => ({
  id: n.toString(16).padStart(32, '0'),
  robot: 'robot-1',
  ...{ start: 1_000 * n, end: 1_000 * n + 500, minutes: 0.01, why: 'hangUp' },
});
const idOf = (n: number): string => record(n).id;

/** Counts what it writes, and may be full. */
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

const open = (): Outbox => new Outbox(disk, silentLog);
const names = (): string[] => [...disk.contents.keys()].sort();

async function filled(from: number, to: number, outbox = open()): Promise<Outbox> {
  for (let n = from; n <= to; n++) await outbox.add(record(n));
  return outbox;
}

/** Sends all there is, as the fleet would get it. */
async function drained(outbox: Outbox, most = Number.POSITIVE_INFINITY): Promise<string[]> {
  const sent: string[] = [];
  for (let next = await outbox.oldest(); next && sent.length < most; next = await outbox.oldest()) {
    sent.push(next.id);
    await outbox.remove(next.id);
  }
  return sent;
}

const ids = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => idOf(from + i));

describe('the outbox', () => {
  it('keeps lines that it cannot read, whatever else is sent', async () => {
    disk.leave(
      OUTBOX_FILE,
      `${JSON.stringify({ version: 9, of: 'the future' })}\n${JSON.stringify(record(1))}\nnot JSON\n`,
    );
    expect(await drained(open())).toEqual([idOf(1)]);
    await filled(2, 2);
    expect(await drained(open())).toEqual([idOf(2)]);
    const left = [...disk.contents.values()].join('');
    expect(left).toBe('{"version":9,"of":"the future"}\nnot JSON\n');
  });

  it('sends what a newer version has added to a record', async () => {
    const newer = { ...record(1), bootId: 'b', why: 'moved', deep: { x: [1] } };
    disk.leave(OUTBOX_FILE, `${JSON.stringify(newer)}\n`);
    expect(await open().oldest()).toEqual(newer);
  });

  it('understands later what an earlier version could only keep', async () => {
    disk.leave(STRANGE_FILE, `strange\n${JSON.stringify(record(7))}\n`);
    expect(await drained(open())).toEqual([idOf(7)]);
    expect(disk.contents.get(STRANGE_FILE)).toBe('strange\n');
  });

  it('marks 800 records in a few bytes each, and leaves nothing behind', async () => {
    const outbox = await filled(1, 800);
    disk.bytes = 0;
    expect(await drained(outbox)).toEqual(ids(1, 800));
    expect(disk.bytes).toBeLessThan(800 * 40);
    expect(names()).toEqual([]);
  });

  it('goes on where it was after a restart, in order', async () => {
    await drained(await filled(1, 1_300), 700);
    expect(await drained(open(), 10)).toEqual(ids(701, 710));
    await filled(1_301, 1_310);
    expect(await drained(open())).toEqual(ids(711, 1_310));
    expect(names()).toEqual([]);
  });

  it('takes over the one file of versions before, and leaves them what they would send', async () => {
    const lines = ids(1, 3).map((_, i) => `${JSON.stringify(record(i + 1))}\n`);
    disk.leave(OUTBOX_FILE, lines.join(''));
    const outbox = open();
    await outbox.remove(idOf(1));
    await outbox.add(record(4));
    // Such a version reads this file alone and knows no marks: it sends one twice, and none is lost.
    const seen = (await disk.readLines(OUTBOX_FILE)).map((line) => JSON.parse(line).id);
    expect(seen).toEqual(ids(1, 4));
    expect(await drained(open())).toEqual(ids(2, 4));
  });

  it('holds a bounded number of records; the oldest go first', async () => {
    const most = (MAX_SEALED + 1) * SEGMENT_LINES;
    await filled(1, most + 1);
    expect(names()).toHaveLength(MAX_SEALED + 1);
    const sent = await drained(open());
    expect(sent).toEqual(ids(SEGMENT_LINES + 1, most + 1));
    expect(names()).toEqual([]);
  });

  it('holds a bounded number of lines that nobody understands', async () => {
    for (let n = 0; n < MAX_STRANGE + 10; n++) {
      disk.leave(OUTBOX_FILE, `strange ${n}\n`);
      await open().oldest();
    }
    const kept = await disk.readLines(STRANGE_FILE);
    expect(kept).toHaveLength(MAX_STRANGE);
    expect(kept[0]).toBe('strange 10');
  });

  it('goes on sending while the disk is full', async () => {
    const outbox = await filled(1, 5);
    disk.full = true;
    expect(await drained(outbox)).toEqual(ids(1, 5));
    expect(names()).toEqual([]);
    await expect(outbox.add(record(6))).rejects.toThrow();
    disk.full = false;
    await outbox.add(record(6));
    expect(await drained(open())).toEqual([idOf(6)]);
  });

  it('finds every whole line of a file that is cut at any byte', async () => {
    await drained(await filled(1, 4), 1);
    for (const name of [OUTBOX_FILE, SENT_FILE]) {
      const before = new Map(disk.contents);
      const whole = before.get(name) ?? '';
      for (let cut = 0; cut <= whole.length; cut++) {
        for (const [other, text] of before) disk.leave(other, text);
        disk.leave(name, whole.slice(0, cut));
        const lines = whole.slice(0, cut).split('\n').length - 1;
        const outbox = open();
        await outbox.add(record(9));
        const sent = await drained(outbox);
        if (name === OUTBOX_FILE)
          expect(sent).toEqual([...ids(2, 4).slice(0, Math.max(0, lines - 1)), idOf(9)]);
        else expect(sent).toEqual([...ids(lines === 1 ? 2 : 1, 4), idOf(9)]);
      }
      for (const [other, text] of before) disk.leave(other, text);
    }
  });

  it('loses no record and sends no record that was marked, wherever the disk stops for good', async () => {
    // Every call that changes the disk is the last one of some run.
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
      const outbox = new Outbox(dying, silentLog);
      void (async () => {
        for (let n = 1; n <= 20; n++) {
          await outbox.add(record(n));
          added.push(idOf(n));
        }
        for (let next = await outbox.oldest(); next; next = await outbox.oldest()) {
          acknowledged.push(next.id);
          await outbox.remove(next.id);
          marked.push(next.id);
        }
      })();
      for (let turn = 0; turn < 2_000; turn++) await Promise.resolve();
      const after = new MemoryStorage();
      for (const [name, text] of disk.contents) after.leave(name, text);
      const sent = await drained(new Outbox(after, silentLog));
      expect(sent).toEqual(
        expect.arrayContaining(added.filter((id) => !acknowledged.includes(id))),
      );
      for (const id of marked) expect(sent).not.toContain(id);
    }
  });
});
