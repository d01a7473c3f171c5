import type { AngleReading } from '../ports/body.ts';
import { PointedChip } from './i2c.ts';

/*
 * AS5600 and AS5600L by their datasheets (ams, v1-06 and v1-00): figure 21 register map, figure 23
 * STATUS, and "Automatic Increment of the Address Pointer". The L differs in its address, which
 * stands in a register (0x20).
 */
const CONFIG_END = 0x09;
const STATUS = 0x0b;
const RAW_ANGLE = 0x0c;
const ANGLE = 0x0e;
const AGC = 0x1a;
const MAGNITUDE = 0x1b;
const I2C_ADDRESS = 0x20;
const L_ADDRESS = 0x40;

const MD = 0x20;
const ML = 0x10;
const MH = 0x08;
const STATUS_OF = { ok: MD, weak: MD | ML, strong: MD | MH, missing: ML } as const;

const STEPS = 4096;

export class FakeAs5600 extends PointedChip {
  magnet: AngleReading['magnet'] = 'ok';
  /** Angle of the magnet, degrees; read when the chip is. */
  angleDeg: () => number = () => 0;
  private readonly config = new Uint8Array(CONFIG_END);
  private noise = 1;

  constructor(address: number) {
    super(address === L_ADDRESS ? 'AS5600L' : 'AS5600', address);
  }

  powerOn(): void {
    this.config.fill(0);
    this.pointer = 0;
  }

  write(bytes: Uint8Array): void {
    this.pointer = bytes[0] ?? 0;
    for (const byte of bytes.subarray(1)) {
      // ZMCO (0x00) is read only; the rest of what can be written is configuration.
      if (this.pointer > 0 && this.pointer < CONFIG_END) this.config[this.pointer] = byte;
      this.pointer = (this.pointer + 1) & 0xff;
    }
  }

  read(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    const raw = this.rawSteps;
    // Held at a two-byte register only where the pointer was set to its high byte.
    const held = [RAW_ANGLE, ANGLE, MAGNITUDE].includes(this.pointer) ? this.pointer : undefined;
    for (let i = 0; i < length; i++) {
      bytes[i] = this.at(this.pointer, raw);
      this.pointer = (this.pointer + 1) & 0xff;
      if (held !== undefined && this.pointer === held + 2) this.pointer = held;
    }
    if (held !== undefined) this.pointer = held;
    return bytes;
  }

  private at(register: number, raw: number): number {
    if (register < CONFIG_END) return this.config[register] ?? 0;
    const angle = (raw - (((this.config[1] ?? 0) << 8) | (this.config[2] ?? 0)) + STEPS) % STEPS;
    switch (register) {
      case STATUS:
        // The bits without a name are not zero on all chips: a driver must not look at them.
        return STATUS_OF[this.magnet] | 0x07;
      case RAW_ANGLE:
        return raw >> 8;
      case RAW_ANGLE + 1:
        return raw & 0xff;
      case ANGLE:
        return angle >> 8;
      case ANGLE + 1:
        return angle & 0xff;
      case AGC:
        return this.magnet === 'ok' ? 64 : 128;
      case MAGNITUDE:
        return this.magnet === 'missing' ? 0 : 0x07;
      case I2C_ADDRESS:
        return this.address === L_ADDRESS ? L_ADDRESS << 1 : 0;
      default:
        return 0;
    }
  }

  private get rawSteps(): number {
    if (this.magnet === 'missing') {
      // Without a magnet the angle is noise, and only STATUS says so.
      this.noise = (Math.imul(this.noise, 1_103_515_245) + 12_345) >>> 0;
      return (this.noise >>> 8) % STEPS;
    }
    const steps = Math.round((this.angleDeg() / 360) * STEPS) % STEPS;
    return (steps + STEPS) % STEPS;
  }
}
