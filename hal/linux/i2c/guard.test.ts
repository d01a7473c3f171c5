import { beforeEach, describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import type { I2cBus } from '../../bus/i2c.ts';
import { type FakeDeskmate1, fakeDeskmate1 } from '../../fake/deskmate1.ts';
import type { FakeI2c } from '../../fake/i2c.ts';
import { delay } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { BusGuard } from './guard.ts';

let clock: SimClock;
let robot: FakeDeskmate1;
let i2c: FakeI2c;
let guard: BusGuard;
let said: string[];
beforeEach(() => {
  clock = new SimClock();
  robot = fakeDeskmate1(clock);
  i2c = robot.i2c;
  said = [];
  guard = new BusGuard(i2c, clock, {
    urgent: [0x41, 0x36, 0x40],
    nameOf: (address) => (address === 0x42 ? 'light driver' : `chip ${address.toString(16)}`),
    logLine: (line) => said.push(line),
  });
});

/** What a call gave, or the kind of its fault, and how long that took. */
async function ended<T>(call: Promise<T>): Promise<{ value: T | string; tookMs: number }> {
  const startMs = clock.now();
  let tookMs = Number.NaN;
  const value = call
    .catch((error: unknown) => (error instanceof HardwareFault ? error.kind : String(error)))
    .finally(() => {
      tookMs = clock.now() - startMs;
    });
  await clock.advance(30);
  return { value: await value, tookMs };
}
const read = (address = 0x36): Promise<number> => guard.readByte(address, 0x0b);
const counts = (address: number) => guard.counts.devices.find((each) => each.address === address);

describe('bus guard', () => {
  it('retries what is not acknowledged, and counts it', async () => {
    const heal = i2c.fail(0x36, 'nack');
    clock.after(0.04, heal);
    expect((await ended(read())).value).toBe(0x27);
    expect(counts(0x36)).toMatchObject({ calls: 1, retries: 2, failures: 0 });
    i2c.fail(0x36, 'nack');
    const { value, tookMs } = await ended(read());
    expect(value).toBe('noAnswer');
    expect(tookMs).toBeLessThan(1);
    expect(counts(0x36)).toMatchObject({ calls: 2, retries: 4, failures: 1 });
    expect(counts(0x36)?.lastFault).toMatch(/^chip 36: no acknowledge$/);
  });

  it('retries a short read', async () => {
    const heal = i2c.fail(0x36, 'short');
    clock.after(0.12, heal);
    expect((await ended(guard.readBlock(0x36, 0x0b, 3))).value).toHaveLength(3);
  });

  it('calls a fault by the name that people know', async () => {
    i2c.fail(0x42, 'nack');
    const error = guard.readByte(0x42, 0).catch((reason: unknown) => reason);
    await clock.advance(5);
    expect(await error).toMatchObject({
      device: 'light driver',
      message: 'light driver: no acknowledge',
    });
  });

  it('ends every call within 20 ms, however many wait', async () => {
    i2c.stick(false);
    const times = await Promise.all(
      Array.from({ length: 40 }, (_, i) => i).map(async (i) => {
        const { value, tookMs } = await ended(read(i % 2 ? 0x36 : 0x42));
        expect(['timeout', 'busStuck']).toContain(value);
        return tookMs;
      }),
    );
    expect(Math.max(...times)).toBeLessThanOrEqual(20);
  });

  it('lets servos and encoders go before lights and eyes, past one transaction at most', async () => {
    const order: string[] = [];
    const ram = new Uint8Array(32);
    for (let i = 0; i < 8; i++)
      void guard.writeBlock(0x42, 0x06, ram).then(() => order.push(`light ${i}`));
    void guard.writeBlock(0x41, 0x06, ram).then(() => order.push('servo'));
    void guard.readBlock(0x36, 0x0b, 3).then(() => order.push('encoder'));
    await clock.advance(20);
    expect(order.slice(0, 4)).toEqual(['light 0', 'servo', 'encoder', 'light 1']);
    expect(order.slice(3)).toEqual(Array.from({ length: 7 }, (_, i) => `light ${i + 1}`));
  });

  it('keeps no hold of the bytes it was given', async () => {
    const bytes = Uint8Array.of(7);
    void guard.readByte(0x36, 0x0b);
    void guard.writeBlock(0x42, 0x06, bytes);
    bytes[0] = 9;
    await clock.advance(5);
    expect(robot.lights.registers[6]).toBe(7);
  });

  it('has a stuck bus recovered, says so once, and says when it is free', async () => {
    i2c.stick(true);
    const values = [];
    for (let i = 0; i < 6; i++) values.push((await ended(read(i % 2 ? 0x36 : 0x40))).value);
    expect(values.slice(0, 3)).not.toContain(0x27);
    expect(values.at(-1)).toBe(0x27);
    expect(i2c.recoveries).toBe(1);
    expect(guard.counts.state).toBe('well');
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(/is stuck, no chip answers .* check cables/);
    expect(said[1]).toMatch(/is free again/);
  });

  it('tries less and less often while nothing helps, and works as soon as the bus does', async () => {
    const heal = i2c.stick(false);
    for (let i = 0; i < 600; i++) await ended(read(i % 2 ? 0x36 : 0x40));
    expect(guard.counts).toMatchObject({ state: 'stuck' });
    expect((await ended(read())).value).toMatch(/busStuck|timeout/);
    expect(i2c.recoveries).toBeGreaterThan(4);
    expect(i2c.recoveries).toBeLessThan(10);
    heal();
    await clock.advance(500);
    expect((await ended(read(0x36))).value).toBe(0x27);
    expect((await ended(read(0x40))).value).toBe(0x27);
  });

  it('recovers a bus whose transactions fill the queue, as often as one that is quiet', async () => {
    let [healed, recoveries] = [false, 0];
    const slow: I2cBus = Object.assign(Object.create(i2c), {
      readByte: async () => {
        if (healed) return 0x27;
        await delay(clock, 12);
        throw new HardwareFault('timeout', 'chip', 'the clock is held');
      },
      recover: async () => {
        recoveries += 1;
      },
    });
    const over = new BusGuard(slow, clock, { urgent: [0x41, 0x36, 0x40] });
    let answers = 0;
    const poll = clock.every(10, () => {
      for (const address of [0x36, 0x40, 0x41, 0x42])
        void over.readByte(address, 0).then(
          () => answers++,
          () => {},
        );
    });
    await clock.advance(15_000);
    expect(recoveries).toBeGreaterThan(4);
    expect(recoveries).toBeLessThan(10);
    healed = true;
    await clock.advance(1_000);
    expect(over.counts.state).toBe('well');
    expect(answers).toBeGreaterThan(100);
    poll.cancel();
  });

  it('reaches the other chips again though a recovery never comes back', async () => {
    const hangs: I2cBus = Object.assign(Object.create(i2c), {
      recover: () => {
        i2c.recoveries += 1;
        return new Promise<void>(() => {});
      },
    });
    const over = new BusGuard(hangs, clock);
    const heal = i2c.fail('all', 'timeout');
    for (const address of [0x36, 0x40, 0x41]) await ended(over.readByte(address, 0));
    expect(i2c.recoveries).toBe(1);
    expect((await ended(over.readByte(0x40, 0))).value).toBe('busStuck');
    heal();
    i2c.fail(0x36, 'nack');
    await clock.advance(2_000);
    // What fails first after it is not taken for a reason to wait as long again.
    expect((await ended(over.readByte(0x36, 0))).value).toBe('busStuck');
    for (const address of [0x40, 0x41])
      expect((await ended(over.readByte(address, 0))).value).toEqual(expect.any(Number));
    expect((await ended(over.readByte(0x36, 0))).value).toBe('noAnswer');
    expect(i2c.recoveries).toBe(1);
    expect(over.counts.state).toBe('well');
  });

  it('takes silence of all chips for a stuck bus, silence of one for a missing chip', async () => {
    for (const address of [0x36, 0x40, 0x41]) await ended(guard.readByte(address, 0));
    i2c.fail(0x36, 'nack');
    for (let i = 0; i < 20; i++) await ended(read(0x36));
    expect(guard.counts.state).toBe('well');
    const heal = i2c.fail('all', 'nack');
    for (let i = 0; i < 9; i++) await ended(guard.readByte([0x36, 0x40, 0x41][i % 3] ?? 0, 0));
    expect(guard.counts.state).toBe('stuck');
    expect(i2c.recoveries).toBeGreaterThan(0);
    heal();
    expect((await ended(read(0x40))).value).toBe(0x27);
    expect(guard.counts.state).toBe('well');
  });

  it('does not let one chip that holds the bus take it from the others', async () => {
    const heal = i2c.fail(0x42, 'timeout');
    let [done, failed] = [0, 0];
    const poll = clock.every(10, () => {
      void guard.readBlock(0x36, 0x0b, 3).then(
        () => done++,
        () => failed++,
      );
    });
    const light = clock.every(40, () => void guard.readByte(0x42, 0).catch(() => {}));
    await clock.advance(5_000);
    // Each hold costs the reading that was made with it.
    expect(failed).toBeLessThan(20);
    expect(done).toBeGreaterThan(480);
    expect(guard.counts.state).toBe('well');
    poll.cancel();
    light.cancel();
    heal();
    await clock.advance(500);
    expect((await ended(guard.readByte(0x42, 0))).value).toBe(0x11);
  });

  it('is not blocked by a bus whose calls never end, and takes a wrong error for bad data', async () => {
    const never: I2cBus = Object.assign(Object.create(i2c), {
      readByte: () => new Promise(() => {}),
      sendByte: () => Promise.reject(new Error('not a fault')),
    });
    const over = new BusGuard(never, clock);
    expect((await ended(over.sendByte(0x72, 0x21))).value).toBe('badData');
    for (let i = 0; i < 3; i++) {
      const { value, tookMs } = await ended(over.readByte(0x36, 0));
      expect(value).toBe('timeout');
      expect(tookMs).toBeLessThanOrEqual(20);
    }
  });
});
