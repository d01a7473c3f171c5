import { describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { type FakeChip, FakeI2c } from '../../fake/i2c.ts';

import { As5600 } from './as5600.ts';
import { BusGuard } from './guard.ts';
import { LinuxHeadServos } from './head-servos.ts';
import { MatrixEyes } from './matrix-eyes.ts';
import { PcaLights } from './pca-lights.ts';
import { DriverRig } from './testing/driver-rig.ts';

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
    const rig = new DriverRig(new SimClock());
    const { clock, enable } = rig;
    const ended = <T>(call: Promise<T>): Promise<T | string> => rig.ended(call);
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
