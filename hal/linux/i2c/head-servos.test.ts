import { beforeEach, describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import type { FakeDeskmate1 } from '../../fake/deskmate1.ts';
import { FakeHt16k33 } from '../../fake/ht16k33.ts';
import type { DrivenClock } from '../testing/driven-clock.ts';
import { LinuxHeadServos } from './head-servos.ts';
import { MatrixEyes } from './matrix-eyes.ts';
import { DriverRig, type FakeEnable } from './testing/driver-rig.ts';

let rig: DriverRig;
let clock: DrivenClock;
let robot: FakeDeskmate1;
let enable: FakeEnable;
let servos: LinuxHeadServos;
beforeEach(() => {
  rig = new DriverRig(new SimClock());
  ({ clock, robot, enable } = rig);
  servos = new LinuxHeadServos({ bus: rig.bus, address: 0x41, clock, enable });
});

const ended = <T>(call: Promise<T>): Promise<T | string> => rig.ended(call);
const pulses = (): (number | undefined)[] => rig.pulses();

describe('head servos on a PCA9685', () => {
  it('sets the chip up as stated, and only then enables it', async () => {
    await ended(servos.setPulses(1500, 1600));
    const { registers } = robot.servos;
    expect([registers[0x00], registers[0x01], registers[0xfe]]).toEqual([0x20, 0x04, 121]);
    // 1500 us / 4.88 us = 307.4, 1600 us / 4.88 us = 327.9: 307 and 328.
    expect([...registers.slice(0x06, 0x0e)]).toEqual([0, 0, 0x33, 0x01, 0, 0, 0x48, 0x01]);
    expect(enable.history).toEqual([false, true]);
    expect(pulses()[0]).toBeCloseTo(307 * 4.88, 6);
    expect(pulses()[1]).toBeCloseTo(328 * 4.88, 6);
  });

  it('never rounds out of what servos take', async () => {
    await ended(servos.setPulses(500, 2500));
    const [pan = 0, tilt = 0] = pulses();
    expect(pan).toBeGreaterThanOrEqual(500);
    expect(tilt).toBeLessThanOrEqual(2500);
  });

  it('has its own address alone: another chip cannot be moved by all-call', async () => {
    await ended(servos.setPulses(1500, 1500));
    expect(robot.servos.answers(0x70, false)).toBe(false);
  });

  it('takes three transactions a write once it is set up: pulses, what became of them, the rate', async () => {
    await ended(servos.setPulses(1500, 1500));
    const before = robot.i2c.transactions;
    await ended(servos.setPulses(1510, 1500));
    expect(robot.i2c.transactions - before).toBe(3);
  });

  it('never counts pulses of a chip that forgot its rate and was woken by what was meant for an eye', async () => {
    // All-call is the address of this eye, and on after the supply was gone.
    robot.i2c.add(new FakeHt16k33(0x70));
    const eyes = new MatrixEyes({ bus: rig.bus, clock, left: 0x70, right: null });
    // Bits 0 and 5 in the first byte: awake, registers in a block.
    const rows = Uint8Array.of(0x42, 0, 0, 0, 0, 0, 0, 0);
    await ended(servos.setPulses(1500, 1500));
    await ended(eyes.show(rows, rows, 5));
    robot.i2c.brownOut(0x41);
    await ended(eyes.show(rows, rows, 5));
    expect(robot.servos.registers[0]).toBe(0x21);
    enable.history = [];
    expect(await ended(servos.setPulses(1500, 1500))).toBeUndefined();
    expect(enable.history).toEqual([false, true]);
    expect(robot.servos.rateHz).toBeCloseTo(50.03, 2);
    expect(pulses()[0]).toBeCloseTo(1500, -1);
  });

  it.each([
    ['mode', 0x00, 0x30],
    ['kind of outputs', 0x01, 0x00],
    ['rate', 0xfe, 0x1e],
  ])('lets go of a chip whose %s is another, at the next pulse', async (_, register, value) => {
    await ended(servos.setPulses(1500, 1500));
    robot.servos.registers[register] = value;
    enable.history = [];
    expect(await ended(servos.setPulses(1510, 1500))).toBeUndefined();
    expect(enable.history).toEqual([false, true]);
    expect(pulses()[0]).toBeCloseTo(1510, -1);
  });

  it.each(['brownOut', 'lose'] as const)(
    'finds out a chip that forgot everything (%s): enable goes off until it is set up again',
    async (how) => {
      await ended(servos.setPulses(1500, 1500));
      if (how === 'brownOut') robot.i2c.brownOut(0x41);
      else {
        const back = robot.i2c.lose(0x41);
        expect(await ended(servos.setPulses(1510, 1500))).toBe('noAnswer');
        back();
      }
      expect(pulses()).toEqual([undefined, undefined]);
      enable.history = [];
      expect(await ended(servos.setPulses(1520, 1500))).toBeUndefined();
      expect(enable.history).toEqual([false, true]);
      expect(robot.servos.rateHz).toBeCloseTo(50.03, 2);
      expect(pulses()[0]).toBeCloseTo(1520, -1);
    },
  );

  it('never shows pulses at another rate or of another width, whatever is forgotten when', async () => {
    const wrong: string[] = [];
    const look = clock.every(0.1, () => {
      const [pan] = pulses();
      if (pan === undefined) return;
      if (Math.abs(robot.servos.rateHz - 50) > 0.1) wrong.push(`${robot.servos.rateHz} Hz`);
      if (pan < 1390 || pan > 1610) wrong.push(`${pan} us`);
    });
    for (let i = 0; i < 300; i++) {
      const call = servos.setPulses(1400 + (i % 200), 1500).catch(() => {});
      // Moves through every phase of a write and of setting up.
      await clock.advance((i * 0.037) % 4);
      if (i % 3 === 0) robot.i2c.brownOut(0x41);
      await clock.advance(10);
      await call;
    }
    look.cancel();
    expect(wrong).toEqual([]);
    await ended(servos.setPulses(1500, 1500));
    expect(await ended(servos.setPulses(1500, 1500))).toBeUndefined();
    expect(pulses()[0]).toBeCloseTo(1500, -1);
  });

  it('repairs what arrived wrong before the frame is over, and refuses what stays wrong', async () => {
    await ended(servos.setPulses(1500, 1500));
    const heal = robot.i2c.fail(0x41, 'flip', 0.1);
    let took = 0;
    for (let i = 0; i < 100; i++) {
      const result = await ended(servos.setPulses(1450 + i, 1500));
      if (result !== undefined) continue;
      took += 1;
      if (enable.on) expect(Math.abs((pulses()[0] ?? 0) - 1450 - i)).toBeLessThan(4.88);
    }
    expect(took).toBeGreaterThan(80);
    heal();
    const every = robot.i2c.fail(0x41, 'flipRead');
    expect(await ended(servos.setPulses(1500, 1500))).toBe('badData');
    expect(enable.on).toBe(false);
    every();
    expect(await ended(servos.setPulses(1500, 1500))).toBeUndefined();
    expect(enable.on).toBe(true);
  });

  it('does not leave pulses on that it could not look at, and keeps those that nobody touched', async () => {
    await ended(servos.setPulses(1500, 1500));
    const unheard = robot.i2c.fail(0x41, 'nack');
    expect(await ended(servos.setPulses(1600, 1500))).toBe('noAnswer');
    expect(enable.on).toBe(true);
    expect(pulses()[0]).toBeCloseTo(1500, -1);
    unheard();
    await ended(servos.setPulses(1500, 1500));
    const unseen = robot.i2c.fail(0x41, 'short');
    expect(await ended(servos.setPulses(1600, 1500))).toBe('badData');
    expect(enable.on).toBe(false);
    unseen();
    expect(await ended(servos.setPulses(1600, 1500))).toBeUndefined();
    expect(enable.on).toBe(true);
    expect(pulses()[0]).toBeCloseTo(1600, -1);
  });

  it('gets a chip that was put on a foreign clock back by a software reset', async () => {
    await ended(servos.setPulses(1500, 1500));
    robot.servos.registers[0] = 0x70;
    expect(await ended(servos.setPulses(1500, 1500))).toBeUndefined();
    expect(robot.servos.registers[0]).toBe(0x20);
    expect(pulses()[0]).toBeCloseTo(1500, -1);
  });
});
