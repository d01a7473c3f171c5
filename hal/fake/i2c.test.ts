import { beforeEach, describe, expect, it } from 'vitest';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { HardwareFault } from '../ports/fault.ts';
import { type FakeDeskmate1, fakeDeskmate1 } from './deskmate1.ts';
import { FaultSchedule } from './fault-schedule.ts';
import type { FakeI2c } from './i2c.ts';

let clock: SimClock;
let robot: FakeDeskmate1;
let i2c: FakeI2c;
beforeEach(() => {
  clock = new SimClock();
  robot = fakeDeskmate1(clock);
  i2c = robot.i2c;
});

async function ended<T>(call: Promise<T>): Promise<T | string> {
  const settled = call.catch((error: unknown) =>
    error instanceof HardwareFault ? error.kind : `no fault: ${error}`,
  );
  await clock.advance(25);
  return settled;
}

describe('fake bus', () => {
  it('takes the time of its bits: 3 bytes of an encoder are 57 bits', async () => {
    const start = clock.now();
    let doneMs = 0;
    void i2c.readBlock(0x36, 0x0b, 3).then(() => {
      doneMs = clock.now();
    });
    await clock.advance(1);
    // START+W+reg 19 bits, repeated START+R+3 bytes 37, STOP 1.
    expect(doneMs - start).toBeCloseTo(57 / 400, 6);
    expect(i2c.busyMs).toBeCloseTo(57 / 400, 6);
  });

  it('carries transactions out in order', async () => {
    const order: number[] = [];
    for (const value of [1, 2, 3])
      void i2c.writeByte(0x42, 0x06, value).then(() => order.push(value));
    await clock.advance(5);
    expect(order).toEqual([1, 2, 3]);
    expect(robot.lights.registers[6]).toBe(3);
  });

  it('fails as told, for whom it was told, until healed', async () => {
    const healed = async () => expect(await ended(i2c.readByte(0x36, 0x0b))).toBe(0x27);
    for (const [fault, kind] of [
      ['nack', 'noAnswer'],
      ['timeout', 'timeout'],
      ['short', 'badData'],
    ] as const) {
      const heal = i2c.fail(0x36, fault);
      expect(await ended(i2c.readByte(0x36, 0x0b))).toBe(kind);
      expect(await ended(i2c.readByte(0x40, 0x0b))).toBe(0x27);
      heal();
      await healed();
    }
    expect(await ended(i2c.readByte(0x10, 0))).toBe('noAnswer');
  });

  it('flips one bit', async () => {
    const heal = i2c.fail(0x42, 'flip');
    const bits = (value: unknown): number =>
      typeof value === 'number' ? value.toString(2).replaceAll('0', '').length : Number.NaN;
    for (let i = 0; i < 20; i++) {
      const read = await ended(i2c.readByte(0x42, 0x02));
      expect(bits(typeof read === 'number' ? read ^ 0xe2 : read)).toBe(1);
    }
    const before = robot.lights.registers.slice();
    await ended(i2c.writeByte(0x42, 0x06, 0x55));
    heal();
    const changed = robot.lights.registers.map((value, i) => value ^ (before[i] ?? 0));
    expect(changed[6]).not.toBe(0x55);
  });

  it('hangs until it is recovered, or until its time', async () => {
    i2c.stick(true);
    expect(await ended(i2c.readByte(0x36, 0x0b))).toBe('timeout');
    await i2c.recover();
    expect(await ended(i2c.readByte(0x36, 0x0b))).toBe(0x27);
    const heal = i2c.stick(false);
    await i2c.recover();
    expect(await ended(i2c.readByte(0x36, 0x0b))).toBe('timeout');
    heal();
    expect(await ended(i2c.readByte(0x36, 0x0b))).toBe(0x27);
  });

  it('loses a chip, which comes back without its memory', async () => {
    await ended(i2c.writeByte(0x42, 0x01, 0x1f));
    const back = i2c.lose(0x42);
    expect(await ended(i2c.readByte(0x42, 0x01))).toBe('noAnswer');
    back();
    expect(await ended(i2c.readByte(0x42, 0x01))).toBe(0x04);
    await ended(i2c.writeByte(0x42, 0x01, 0x1f));
    i2c.brownOut(0x42);
    expect(await ended(i2c.readByte(0x42, 0x01))).toBe(0x04);
  });

  it('turns pulses into encoder angles at the speed of a servo', async () => {
    const { servos, head } = robot;
    for (const [register, value] of [
      [0x00, 0x30],
      [0xfe, 121],
      [0x00, 0x20],
    ] as const)
      servos.write(Uint8Array.of(register, value));
    const steps = Math.round((1480 - 5.4 * 33) / 4.88);
    servos.write(Uint8Array.of(0x06, 0, 0, steps & 0xff, steps >> 8));
    await clock.advance(50);
    expect(head.panDeg).toBeCloseTo(16.5, 1);
    await clock.advance(100);
    expect(Math.abs(head.panDeg - 33)).toBeLessThan(0.5);
    expect(head.tiltDeg).toBe(-25);
    const bytes = await ended(i2c.readBlock(0x36, 0x0c, 2));
    const raw = typeof bytes === 'string' ? Number.NaN : (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
    expect(Math.abs((raw * 360) / 4096 - (211.3 - head.panDeg))).toBeLessThan(0.1);
  });
});

describe('fault schedule', () => {
  const run = async (seed: number) => {
    const time = new SimClock();
    const bus = fakeDeskmate1(time).i2c;
    const faults = new FaultSchedule(seed, { forMs: 5_000, longestMs: 1_000 });
    faults.attach(bus);
    await time.advance(6_000);
    return { faults, bus, time };
  };

  it('repeats by its seed and differs between seeds', async () => {
    const logs = await Promise.all(
      [3, 3, 4].map(async (seed) => JSON.stringify((await run(seed)).faults.log)),
    );
    expect(logs[0]).toBe(logs[1]);
    expect(logs[0]).not.toBe(logs[2]);
  });

  it('has every kind somewhere, and is over in time with all well', async () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 30; seed++) {
      const { faults, bus, time } = await run(seed);
      for (const entry of faults.log) seen.add(entry.kind);
      await bus.recover();
      expect(faults.quiet).toBe(true);
      expect(faults.healedAtMs).toBeLessThanOrEqual(time.now());
      for (const address of [0x36, 0x40, 0x41, 0x42]) {
        const answer = bus.readByte(address, 0x00).catch(String);
        await time.advance(1);
        expect(typeof (await answer)).toBe('number');
      }
    }
    expect(seen.size).toBe(9);
  });

  it('stops at once', async () => {
    const faults = new FaultSchedule(5, { meanGapMs: 20, meanMs: 500, kinds: ['nack', 'lost'] });
    faults.attach(i2c);
    await clock.advance(2_000);
    expect(faults.quiet).toBe(false);
    faults.stop();
    expect(faults.quiet).toBe(true);
    const begun = faults.log.length;
    await clock.advance(2_000);
    expect(faults.log).toHaveLength(begun);
  });
});
