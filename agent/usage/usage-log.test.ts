import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { MemoryStorage } from '../../sim/testing/memory-storage.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { type Delivered, delivered } from '../records/testing/delivered.ts';
import { FakeBroker } from '../testing/fake-broker.ts';
import { FakeTime } from '../time/testing/fake-time.ts';
import type { TimeOfDay } from '../time/time-service.ts';
import { UsageRecord } from '../wire/fleet.ts';
import { topics } from '../wire/topics.ts';
import { OUTBOX_FILE } from './outbox.ts';
import { Percentiles } from './percentiles.ts';
import { OPEN_FILE, UsageLog } from './usage-log.ts';

const robot = 'robot-1';

function logOn(
  clock: SimClock,
  storage: Storage,
  ids: { next: number },
  trouble: boolean[] = [],
  time: TimeOfDay = new FakeTime(clock),
): UsageLog & Delivered {
  return delivered(
    clock,
    (onRecord) =>
      new UsageLog({
        ...{ robot, clock, storage, log: silentLog, time, onRecord },
        newId: () => (ids.next++).toString(16).padStart(32, '0'),
        onTrouble: (now) => trouble.push(now),
      }),
  );
}

async function setUp(storage: Storage = new MemoryStorage()) {
  const clock = new SimClock();
  const trouble: boolean[] = [];
  const ids = { next: 0 };
  const usage = logOn(clock, storage, ids, trouble);
  await usage.start();
  return { clock, storage, usage, trouble, ids };
}

function sent(broker: FakeBroker): UsageRecord[] {
  return broker.on(topics.usage(robot)).map((record) => UsageRecord.parse(record));
}

describe('usage', () => {
  it('records a session: times, counts, percentiles', async () => {
    const { clock, usage } = await setUp();
    const broker = new FakeBroker();
    usage.publishTo(broker);
    usage.open();
    usage.note('handsRaised');
    for (let ms = 1; ms <= 100; ms++) usage.measured(ms, ms / 1_000);
    usage.measured(null, 0);
    await clock.advance(90_000);
    clock.jumpWall(-3_600_000);
    usage.close('hangUp');
    await clock.advance(10);
    const [record] = sent(broker);
    expect(record).toMatchObject({ why: 'hangUp', minutes: 1.5, handsRaised: 1, pauses: 0 });
    expect(record?.videoLatencyMs).toEqual({ p50: 50, p95: 95 });
    expect((record?.end ?? 0) - (record?.start ?? 0)).toBe(90_000);
  });

  it('sends an unknown time as a guess, and corrected once it is known', async () => {
    const storage = new MemoryStorage();
    const clock = new SimClock();
    let known = false;
    const time = new FakeTime(clock, () => known);
    const usage = logOn(clock, storage, { next: 0 }, [], time);
    await usage.start();
    clock.jumpWall(-clock.wall());
    const broker = new FakeBroker();
    usage.publishTo(broker);
    usage.open();
    await clock.advance(60_000);
    usage.close('hangUp');
    await clock.advance(10);
    const [guess] = sent(broker);
    expect(guess?.clock).toMatchObject({ boot: 'boot-1', trust: 'none', source: 'system' });
    expect(guess?.minutes).toBe(1);
    broker.refusing = true;
    usage.open();
    await clock.advance(60_000);
    usage.close('hangUp');
    const startMs = clock.now() - 60_000;
    await clock.advance(10);
    const now = Date.UTC(2026, 8, 1, 7);
    clock.jumpWall(now - clock.wall());
    known = true;
    broker.refusing = false;
    await clock.advance(30_000);
    const [, right] = sent(broker);
    expect(right).toMatchObject({ start: now - 60_010, end: now - 10 });
    expect(right?.clock).toMatchObject({ monotonicMs: startMs, trust: 'sure', source: 'ntp' });
  });

  it('begun with a guessed time and ended with a known one is sent corrected', async () => {
    const clock = new SimClock();
    let known = false;
    const usage = logOn(
      clock,
      new MemoryStorage(),
      { next: 0 },
      [],
      new FakeTime(clock, () => known),
    );
    await usage.start();
    const broker = new FakeBroker();
    usage.publishTo(broker);
    clock.jumpWall(-clock.wall());
    usage.open();
    await clock.advance(600_000);
    const now = Date.UTC(2026, 8, 1, 7);
    clock.jumpWall(now - clock.wall());
    known = true;
    usage.close('lost');
    await clock.advance(10);
    expect(sent(broker)).toMatchObject([{ start: now - 600_000, end: now, minutes: 10 }]);
  });

  it('is on disk before it resolves', async () => {
    const storage = new MemoryStorage();
    const { usage } = await setUp(storage);
    usage.open();
    await usage.settled();
    expect(JSON.parse((await storage.read(OPEN_FILE)) ?? '')).toMatchObject({ why: 'powerLost' });
    usage.close('lost');
    await usage.settled();
    expect(await storage.readLines(OUTBOX_FILE)).toHaveLength(1);
    expect(await storage.read(OPEN_FILE)).toBeUndefined();
  });

  it('works when the disk is full, reports it, and writes later', async () => {
    const storage = new MemoryStorage();
    let full = false;
    const guarded: Storage = {
      read: (name) => storage.read(name),
      readLines: (name) => storage.readLines(name),
      remove: (name) => storage.remove(name),
      rename: (from, to) => storage.rename(from, to),
      list: () => storage.list(),
      write: (name, text) =>
        full ? Promise.reject(new Error('ENOSPC')) : storage.write(name, text),
      append: (name, line) =>
        full ? Promise.reject(new Error('ENOSPC')) : storage.append(name, line),
    };
    const { clock, usage, trouble } = await setUp(guarded);
    full = true;
    usage.open();
    usage.close('hangUp');
    await clock.advance(10);
    expect(trouble.at(-1)).toBe(true);
    full = false;
    await clock.advance(60_000);
    expect(trouble.at(-1)).toBe(false);
    expect(await storage.readLines(OUTBOX_FILE)).toHaveLength(1);
  });

  it('keeps what the broker did not acknowledge, and sends it in order', async () => {
    const { clock, usage } = await setUp();
    const broker = new FakeBroker();
    broker.refusing = true;
    usage.publishTo(broker);
    for (const why of ['hangUp', 'lost'] as const) {
      usage.open();
      usage.close(why);
      await clock.advance(10);
    }
    expect(sent(broker)).toEqual([]);
    broker.refusing = false;
    await clock.advance(30_000);
    expect(sent(broker).map(({ why }) => why)).toEqual(['hangUp', 'lost']);
  });

  it('yields exactly one record per session, wherever power is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(120), { maxLength: 4 }), fc.nat(99), async (cuts, seed) => {
        const clock = new SimClock();
        const storage = new MemoryStorage({ clock, seed, syncMs: 7 });
        const ids = { next: 0 };
        const acknowledged: string[] = [];
        const broker = new FakeBroker();
        for (const cut of [...cuts, 100_000]) {
          const usage = logOn(clock, storage, ids);
          void usage.start().then(() => usage.publishTo(broker));
          await clock.advance(60);
          usage.open();
          const id = (ids.next - 1).toString(16).padStart(32, '0');
          void usage.settled().then(() => acknowledged.push(id));
          clock.after(40, () => usage.close('hangUp'));
          await clock.advance(cut);
          usage.stop();
          storage.cutPower();
        }
        const last = logOn(clock, storage, ids);
        void last.start().then(() => last.publishTo(broker));
        await clock.advance(120_000);
        const told = new Set(sent(broker).map(({ id }) => id));
        for (const id of acknowledged) expect(told).toContain(id);
        expect(await storage.read(OPEN_FILE)).toBeUndefined();
      }),
      { numRuns: 40 },
    );
  });

  it('ignores files that are no records', async () => {
    const storage = new MemoryStorage();
    await storage.write(OPEN_FILE, '{"half":');
    await storage.append(OUTBOX_FILE, 'rubbish');
    const { clock, usage } = await setUp(storage);
    const broker = new FakeBroker();
    usage.publishTo(broker);
    usage.open();
    usage.close('lost');
    await clock.advance(10);
    expect(sent(broker)).toHaveLength(1);
  });
});

describe('percentiles', () => {
  it('is null without values and never below what was measured', () => {
    const percentiles = new Percentiles(1, 100);
    expect(percentiles.read()).toBeNull();
    percentiles.add(5_000);
    expect(percentiles.read()).toEqual({ p50: 99, p95: 99 });
  });

  it('stays within one class of the true percentiles', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 999, noNaN: true }), { minLength: 1 }),
        (values) => {
          const percentiles = new Percentiles(1, 1_000);
          for (const value of values) percentiles.add(value);
          const sorted = [...values].sort((a, b) => a - b);
          const p95 = sorted[Math.ceil(0.95 * sorted.length) - 1] ?? 0;
          expect(Math.abs((percentiles.read()?.p95 ?? 0) - p95)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
