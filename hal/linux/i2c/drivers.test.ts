import { beforeEach, describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import type { OutputLine } from '../../bus/gpio.ts';
import type { FakeChip } from '../../fake/chip.ts';
import { type FakeDeskmate1, fakeDeskmate1 } from '../../fake/deskmate1.ts';
import { FakeI2c } from '../../fake/i2c.ts';
import { delay } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { As5600 } from './as5600.ts';
import { BusGuard } from './guard.ts';
import { LinuxHeadServos } from './head-servos.ts';
import { MatrixEyes, ramOf } from './matrix-eyes.ts';
import { lightSteps, PcaLights } from './pca-lights.ts';
import { channelBytes, prescaleFor, stepUs } from './pca9685.ts';

/** The OE pin's line, with every level it has had. */
class FakeEnable implements OutputLine {
  on = false;
  broken = false;
  /** How long a call takes, as the first of a process does. */
  slowMs = 0;
  history: boolean[] = [];

  async set(on: boolean): Promise<void> {
    if (this.slowMs > 0) await delay(clock, this.slowMs);
    if (this.broken) throw new HardwareFault('noAnswer', 'servo enable line', 'gone');
    this.on = on;
    this.history.push(on);
  }
  async get(): Promise<boolean> {
    return this.on;
  }
  async close(): Promise<void> {
    this.on = false;
  }
}

let clock: SimClock;
let robot: FakeDeskmate1;
let bus: BusGuard;
let enable: FakeEnable;
let servos: LinuxHeadServos;
beforeEach(() => {
  clock = new SimClock();
  enable = new FakeEnable();
  robot = fakeDeskmate1(clock, { servoEnable: () => enable.on });
  bus = new BusGuard(robot.i2c, clock, { urgent: [0x41, 0x36, 0x40] });
  servos = new LinuxHeadServos({ bus, address: 0x41, clock, enable });
});

async function ended<T>(call: Promise<T>): Promise<T | string> {
  const settled = call.catch((error: unknown) =>
    error instanceof HardwareFault ? error.kind : `no fault: ${error}`,
  );
  await clock.advance(25);
  return settled;
}
const pulses = (): (number | undefined)[] => [0, 1].map((channel) => robot.servos.pulseUs(channel));

describe('PCA9685 arithmetic', () => {
  it("follows the datasheet's formula", () => {
    // Section 7.3.5 gives 200 Hz as its example: 30 (1Eh), the value at power-on.
    expect(prescaleFor(200)).toBe(0x1e);
    expect(prescaleFor(50)).toBe(121);
    expect(prescaleFor(1_000)).toBe(5);
    expect([prescaleFor(5_000), prescaleFor(10)]).toEqual([3, 255]);
    expect(stepUs(121)).toBe(4.88);
  });

  it('writes the ends as full OFF and full ON', () => {
    expect(channelBytes(0)).toEqual([0, 0, 0, 0x10]);
    expect(channelBytes(4096)).toEqual([0, 0x10, 0, 0]);
    expect(channelBytes(307)).toEqual([0, 0, 0x33, 0x01]);
  });
});

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

  it('takes two transactions a write once it is set up', async () => {
    await ended(servos.setPulses(1500, 1500));
    const before = robot.i2c.transactions;
    await ended(servos.setPulses(1510, 1500));
    expect(robot.i2c.transactions - before).toBe(2);
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
    await clock.advance(250);
    expect(await ended(servos.setPulses(1500, 1500))).toBeUndefined();
    expect(robot.servos.registers[0]).toBe(0x20);
    expect(pulses()[0]).toBeCloseTo(1500, -1);
  });

  it('releases at once though the bus hangs, and what waits does not enable again', async () => {
    await ended(servos.setPulses(1500, 1500));
    const heal = robot.i2c.stick(false);
    const late = servos.setPulses(1600, 1500).catch(() => {});
    await servos.release();
    expect(enable.on).toBe(false);
    heal();
    await clock.advance(100);
    await late;
    expect(enable.on).toBe(false);
    expect(pulses()).toEqual([undefined, undefined]);
  });

  it.each([0, 1])(
    'keeps pulses that are set while it is still made ready, its line slow by %i ms',
    async (slowMs) => {
      enable.slowMs = slowMs;
      const calls = [servos.makeReady(), servos.setPulses(1500, 1500)];
      expect(await ended(Promise.all(calls))).toEqual([undefined, undefined]);
      expect(pulses()[0]).toBeCloseTo(307 * 4.88, 6);
    },
  );

  it('does not carry out a release by the bus that newer pulses have overtaken', async () => {
    await ended(servos.setPulses(1500, 1500));
    enable.broken = true;
    enable.slowMs = 3;
    const released = servos.release();
    await clock.advance(1);
    enable.slowMs = 0;
    enable.broken = false;
    const set = servos.setPulses(1600, 1500);
    // The line of the release is found broken after all.
    await clock.advance(1.5);
    enable.broken = true;
    await clock.advance(25);
    await Promise.all([released, set]);
    expect(pulses()[0]).toBeCloseTo(328 * 4.88, 6);
  });

  it('releases by the bus when the line fails', async () => {
    await ended(servos.setPulses(1500, 1500));
    enable.broken = true;
    expect(await ended(servos.release())).toBeUndefined();
    expect(pulses()).toEqual([undefined, undefined]);
    robot.i2c.fail('all', 'nack');
    expect(await ended(servos.release())).toBe('noAnswer');
  });

  it('does without an OE line: full OFF stops the pulses', async () => {
    enable.on = true;
    const wired = new LinuxHeadServos({ bus, address: 0x41, clock });
    await ended(wired.setPulses(1500, 1500));
    expect(pulses()[0]).toBeCloseTo(1500, -1);
    expect(await ended(wired.release())).toBeUndefined();
    expect([...robot.servos.registers.slice(6, 14)]).toEqual([0, 0, 0, 16, 0, 0, 0, 16]);
    expect(await ended(wired.setPulses(1400, 1500))).toBeUndefined();
    expect(pulses()[0]).toBeCloseTo(1400, -1);
    robot.i2c.brownOut(0x41);
    expect(await ended(wired.release())).toBeUndefined();
    expect(await ended(wired.setPulses(1400, 1500))).toBeUndefined();
    expect(pulses()[0]).toBeCloseTo(1400, -1);
  });
});

describe('lights on a PCA9685', () => {
  it('sets four channels behind the gamma curve, full ON and full OFF at the ends', async () => {
    const lights = new PcaLights(bus, 0x42, clock);
    await ended(lights.set({ ring: [1, 0, 0.5], hand: 0.1 }));
    const { registers } = robot.lights;
    expect([registers[0], registers[1], registers[0xfe]]).toEqual([0x20, 0x04, 5]);
    expect(robot.lights.rateHz).toBeCloseTo(1017.25, 2);
    expect([...registers.slice(6, 14)]).toEqual([0, 0x10, 0, 0, 0, 0, 0, 0x10]);
    expect(lightSteps(0.5)).toBe(891);
    expect(robot.lights.duty(2)).toBe(891 / 4096);
    const before = robot.i2c.transactions;
    await ended(lights.set({ ring: [0.5, 0, 0.5], hand: 0.1 }));
    expect(robot.i2c.transactions - before).toBe(2);
  });

  it('comes back after its chip forgot everything', async () => {
    const lights = new PcaLights(bus, 0x42, clock);
    await ended(lights.set({ ring: [1, 1, 1], hand: 1 }));
    robot.i2c.brownOut(0x42);
    expect(await ended(lights.set({ ring: [1, 0, 0], hand: 0 }))).toBeUndefined();
    expect([0, 1, 2, 3].map((channel) => robot.lights.duty(channel))).toEqual([1, 0, 0, 0]);
  });
});

describe('AS5600', () => {
  it.each([
    ['ok', 0],
    ['weak', 90],
    ['strong', 359.95],
    ['missing', undefined],
  ] as const)('says that its magnet is %s', async (magnet, deg) => {
    robot.panEncoder.angleDeg = () => deg ?? 0;
    robot.panEncoder.magnet = magnet;
    const before = robot.i2c.transactions;
    const reading = await ended(new As5600(bus, 0x36).read());
    expect(robot.i2c.transactions - before).toBe(1);
    expect(reading).toMatchObject({ magnet });
    if (typeof reading === 'string' || deg === undefined) return;
    expect(reading.rawDeg).toBeCloseTo((Math.round((deg / 360) * 4096) % 4096) * (360 / 4096), 9);
  });
});

describe('eyes on two HT16K33', () => {
  const ROWS = Uint8Array.of(0x80, 0x40, 0x01, 0xff, 0, 0x55, 0xaa, 0x3c);

  it('turns rows into RAM as the breakout is wired', () => {
    expect([...ramOf(ROWS)].filter((_, i) => i % 2 === 0)).toEqual([
      0x80, 0x01, 0x40, 0xff, 0x00, 0x55, 0xaa, 0x1e,
    ]);
    expect([...ramOf(ROWS)].filter((_, i) => i % 2 === 1)).toEqual(Array(8).fill(0));
  });

  it('lights nothing before its RAM is written, and dims', async () => {
    const eyes = new MatrixEyes({ bus, clock, left: 0x72, right: 0x73 });
    const lit: number[][] = [];
    const look = clock.every(0.05, () => lit.push(robot.leftEye.rowsSeen()));
    await ended(eyes.show(ROWS, ROWS, 5));
    look.cancel();
    const seen = new Set(lit.map((rows) => rows.join()));
    expect(seen).toEqual(new Set([Array(8).fill(0).join(), [...ROWS].join()]));
    expect(robot.leftEye.dimming).toBe(5);
    expect(robot.rightEye.rowsSeen()).toEqual([...ROWS]);
  });

  it('takes one transaction an eye for a change, and says all again each second', async () => {
    const eyes = new MatrixEyes({ bus, clock, left: 0x72, right: 0x73 });
    await ended(eyes.show(ROWS, ROWS, 5));
    const before = robot.i2c.transactions;
    await ended(
      eyes.show(
        ROWS.map((row) => row ^ 1),
        ROWS,
        5,
      ),
    );
    expect(robot.i2c.transactions - before).toBe(2);
    robot.i2c.brownOut(0x72);
    await clock.advance(1_000);
    await ended(eyes.show(ROWS, ROWS, 5));
    expect(robot.leftEye.rowsSeen()).toEqual([...ROWS]);
    expect(robot.leftEye.dimming).toBe(5);
  });

  it('shows the one eye while the other does not answer', async () => {
    const eyes = new MatrixEyes({ bus, clock, left: 0x72, right: 0x73 });
    const back = robot.i2c.lose(0x72);
    expect(await ended(eyes.show(ROWS, ROWS, 5))).toBe('noAnswer');
    expect(robot.rightEye.rowsSeen()).toEqual([...ROWS]);
    back();
    expect(await ended(eyes.show(ROWS, ROWS, 5))).toBeUndefined();
    expect(robot.leftEye.rowsSeen()).toEqual([...ROWS]);
  });

  it('does with one eye fitted', async () => {
    const eyes = new MatrixEyes({ bus, clock, left: null, right: 0x73 });
    expect(await ended(eyes.show(ROWS, ROWS, 5))).toBeUndefined();
    expect(await ended(eyes.off())).toBeUndefined();
    expect(robot.rightEye.rowsSeen()).toEqual(Array(8).fill(0));
  });
});

/** Registers and nothing behind them, as the kernel's i2c-stub has: no bit clears itself. */
class PlainMemory implements FakeChip {
  readonly name: string;
  readonly registers = new Uint8Array(256);
  private pointer = 0;

  constructor(private readonly address: number) {
    this.name = `memory at ${address}`;
  }
  answers(address: number): boolean {
    return address === this.address;
  }
  write(bytes: Uint8Array): void {
    this.pointer = bytes[0] ?? 0;
    this.registers.set(bytes.subarray(1), this.pointer);
  }
  read(length: number): Uint8Array {
    return this.registers.slice(this.pointer, this.pointer + length);
  }
  powerOn(): void {
    this.registers.fill(0);
  }
}

describe('drivers on plain memory', () => {
  it('are content with it: what they look at is what they wrote', async () => {
    const plain = new FakeI2c(clock);
    const at = (address: number): PlainMemory => plain.add(new PlainMemory(address));
    const [head, lamps, encoder, eye] = [at(0x41), at(0x42), at(0x36), at(0x72)];
    const guard = new BusGuard(plain, clock);
    const motors = new LinuxHeadServos({ bus: guard, address: 0x41, clock, enable });
    expect(await ended(motors.makeReady())).toBeUndefined();
    expect(await ended(motors.setPulses(1500, 1600))).toBeUndefined();
    await clock.advance(1_000);
    expect(await ended(motors.setPulses(1500, 1600))).toBeUndefined();
    expect([...head.registers.slice(0x06, 0x0e)]).toEqual([0, 0, 0x33, 0x01, 0, 0, 0x48, 0x01]);
    expect([head.registers[0], head.registers[1], head.registers[0xfe]]).toEqual([0x20, 4, 121]);
    expect(enable.on).toBe(true);
    const lights = new PcaLights(guard, 0x42, clock);
    expect(await ended(lights.set({ ring: [1, 0, 0], hand: 0 }))).toBeUndefined();
    expect([...lamps.registers.slice(6, 10)]).toEqual([0, 0x10, 0, 0]);
    encoder.registers.set([0x20, 0x04, 0x00], 0x0b);
    expect(await ended(new As5600(guard, 0x36).read())).toEqual({ rawDeg: 90, magnet: 'ok' });
    const eyes = new MatrixEyes({ bus: guard, clock, left: 0x72, right: null });
    const rows = new Uint8Array(8).fill(0x80);
    expect(await ended(eyes.show(rows, rows, 4))).toBeUndefined();
    expect(eye.registers[2]).toBe(0x80);
  });
});
