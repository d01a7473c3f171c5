import { expect, it } from 'vitest';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { LatestWriter } from './latest-writer.ts';

function setUp(paced = true) {
  const writeMs = 20;
  const clock = new SimClock();
  const written: number[] = [];
  const outcomes: boolean[] = [];
  const disk = { full: false, atWork: 0, most: 0 };
  const write = (value: number): Promise<void> =>
    new Promise((resolve, reject) => {
      disk.atWork += 1;
      disk.most = Math.max(disk.most, disk.atWork);
      clock.after(writeMs, () => {
        disk.atWork -= 1;
        if (disk.full) return reject(new Error('ENOSPC'));
        written.push(value);
        resolve();
      });
    });
  const pace = { clock, afterWriteMs: 1_000, afterFailureMs: 5_000 };
  const writer = new LatestWriter(
    write,
    (error) => outcomes.push(!error),
    paced ? pace : undefined,
  );
  return { clock, written, outcomes, disk, writer };
}

it('writes the first value at once and the newest after the interval', async () => {
  const { clock, written, disk, writer } = setUp();
  for (let n = 1; n <= 1_200; n++) {
    writer.put(n);
    await clock.advance(1_000 / 120);
  }
  await clock.advance(2_000);
  expect(written[0]).toBe(1);
  expect(written.at(-1)).toBe(1_200);
  expect(written.length).toBeLessThanOrEqual(12);
  expect(disk.most).toBe(1);
});

it('retries a failed write, with the newest value by then', async () => {
  const { clock, written, outcomes, disk, writer } = setUp();
  disk.full = true;
  writer.put(1);
  await clock.advance(100);
  writer.put(2);
  await clock.advance(4_000);
  disk.full = false;
  await clock.advance(2_000);
  expect(written).toEqual([2]);
  expect(outcomes).toEqual([false, true]);
});

it('settles without waiting for the interval', async () => {
  const { clock, written, writer } = setUp();
  writer.put(1);
  writer.put(2);
  let settled = false;
  void writer.settled().then(() => {
    settled = true;
  });
  await clock.advance(50);
  expect(settled).toBe(true);
  expect(written).toEqual([1, 2]);
  await clock.advance(10_000);
  expect(written).toEqual([1, 2]);
});

it('without a pace writes one at a time, then the newest value', async () => {
  const { clock, written, disk, writer } = setUp(false);
  for (let n = 1; n <= 100; n++) writer.put(n);
  await clock.advance(50);
  expect(written).toEqual([1, 100]);
  expect(disk.most).toBe(1);
});

it('reports for each value whether it is on disk', async () => {
  const { clock, disk, writer } = setUp(false);
  const said: string[] = [];
  const ask = (n: number): void =>
    void writer.saved(n).then(
      () => said.push(`${n} saved`),
      () => said.push(`${n} refused`),
    );
  disk.full = true;
  ask(1);
  ask(2);
  await clock.advance(30);
  disk.full = false;
  ask(3);
  await clock.advance(100);
  expect(said).toEqual(['1 refused', '2 saved', '3 saved']);
});
