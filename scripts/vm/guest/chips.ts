/**
 * The chips behind i2c-stub as seen by another bus master, through a separate file: registers are
 * read and decoded by the models of hal/fake, and written where a chip would change by itself.
 */
import type { I2CBus } from 'i2c-bus';
import i2c from 'i2c-bus';
import { FakeHt16k33 } from '../../../hal/fake/ht16k33.ts';
import { FakePca9685 } from '../../../hal/fake/pca9685.ts';

const BLOCK = 32;
const STEPS = 4096;
/** AS5600 and AS5600L: STATUS, and RAW ANGLE beside ANGLE. */
const REGISTER = { status: 0x0b, rawAngle: 0x0c, angle: 0x0e };
const MAGNET = { detected: 0x20, weak: 0x10 };

export class Chips {
  private readonly bus: I2CBus;

  constructor(readonly number: number) {
    this.bus = i2c.openSync(number);
  }

  close(): void {
    this.bus.closeSync();
  }

  /** Puts the chip in its power-on state. */
  powerOnPca9685(address: number): void {
    this.write(address, 0, new FakePca9685(address).registers);
  }

  pca9685(address: number, outputEnable: boolean): FakePca9685 {
    const chip = new FakePca9685(address, () => outputEnable);
    chip.registers.set(this.read(address, 0, chip.registers.length));
    return chip;
  }

  /**
   * Dark. The real chip starts with its display off and undefined RAM; the stub keeps RAM but no
   * commands, so that dark can only mean an empty RAM.
   */
  powerOnHt16k33(address: number): void {
    this.write(address, 0, new Uint8Array(new FakeHt16k33(address).ram.length));
  }

  /** Displayed rows, assuming that the display is on. */
  rows(address: number): number[] {
    const chip = new FakeHt16k33(address);
    chip.ram.set(this.read(address, 0, chip.ram.length));
    chip.oscillator = true;
    chip.display = true;
    return chip.rowsSeen();
  }

  /** Turns the magnet above an encoder. */
  turn(address: number, deg: number): void {
    const raw = ((Math.round((deg / 360) * STEPS) % STEPS) + STEPS) % STEPS;
    const bytes = Uint8Array.of(raw >> 8, raw & 0xff);
    for (const register of [REGISTER.rawAngle, REGISTER.angle])
      this.write(address, register, bytes);
  }

  magnet(address: number, there: boolean): void {
    this.bus.writeByteSync(address, REGISTER.status, there ? MAGNET.detected : MAGNET.weak);
  }

  private read(address: number, from: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    for (let at = 0; at < length; at += BLOCK) {
      const part = Buffer.alloc(Math.min(BLOCK, length - at));
      this.bus.readI2cBlockSync(address, from + at, part.length, part);
      part.copy(bytes, at);
    }
    return bytes;
  }

  private write(address: number, from: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += BLOCK) {
      const part = Buffer.from(bytes.subarray(at, at + BLOCK));
      this.bus.writeI2cBlockSync(address, from + at, part.length, part);
    }
  }
}
