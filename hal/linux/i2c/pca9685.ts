import { CALL_MS } from '../../bus/calls.ts';
import type { I2cBus } from '../../bus/i2c.ts';
import { type Clock, delay } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';

/*
 * PCA9685: 16 outputs of 12 bits at one rate. Registers by the NXP datasheet (Rev. 4): table 4
 * summary, table 5 MODE1, table 6 MODE2, table 7 LEDn, section 7.3.5 PRE_SCALE, 7.4 output enable,
 * 7.6 software reset.
 */
const MODE1 = 0x00;
const LED0_ON_L = 0x06;
const ALL_LED_OFF_H = 0xfd;
const PRE_SCALE = 0xfe;

/** MODE1: block access to consecutive registers. With ALLCALL clear the chip answers only its own address. */
const AUTO_INCREMENT = 0x20;
const SLEEP = 0x10;
/** MODE1: set by the chip after a sleep with running outputs; writing LEDn clears it. */
const RESTART = 0x80;
/** MODE1: clock from a pin. Sticky: only a reset clears it. */
const EXTERNAL_CLOCK = 0x40;
/** MODE2: totem pole outputs that change together at STOP, and are low while OE is high. */
const TOTEM_POLE = 0x04;
/** Bit 4 of LEDn_ON_H and LEDn_OFF_H: full ON, full OFF. */
const FULL = 0x10;

const GENERAL_CALL = 0x00;
const SOFTWARE_RESET = 0x06;

const OSCILLATOR_HZ = 25_000_000;
export const PCA_STEPS = 4096;
/** Section 7.3.1.1: the oscillator is stable 500 us after SLEEP is cleared. */
const WAKE_MS = 0.5;
/** A servo frame is 20 ms: a pulse not read back within this time may already be output. */
const UNSEEN_MS = 4;
/** A single bit error is noise; outputs that fail read-back three times are a fault. */
const WRITE_TRIES = 3;

/** PRE_SCALE for a frame rate: round(25 MHz / (4096 * rate)) - 1, 3..255 (section 7.3.5). */
export function prescaleFor(rateHz: number): number {
  return Math.min(255, Math.max(3, Math.round(OSCILLATOR_HZ / (PCA_STEPS * rateHz)) - 1));
}

/** One step of a frame at this PRE_SCALE, microseconds; exact, as 25 MHz divides evenly. */
export function stepUs(prescale: number): number {
  return ((prescale + 1) * 1e6) / OSCILLATOR_HZ;
}

/** The four registers of a channel that is high for `steps` of 4096 from the frame's start. */
export function channelBytes(steps: number): readonly [number, number, number, number] {
  if (steps <= 0) return [0, 0, 0, FULL];
  if (steps >= PCA_STEPS) return [0, FULL, 0, 0];
  return [0, 0, steps & 0xff, steps >> 8];
}

export interface Pca9685Parts {
  readonly bus: I2cBus;
  readonly address: number;
  readonly clock: Clock;
}

/** What a chip is used for. */
export interface Pca9685Use {
  /** Name for people. */
  readonly name: string;
  readonly rateHz: number;
  /** Number of channels used, from 0. */
  readonly channels: number;
  /** Pulse widths matter, so the rate is read back at each write. */
  readonly rated: boolean;
}

/** Checks MODE1 and MODE2 at the start of a register block. */
const isMode = ([one = 0, two = 0]: Uint8Array, mode1: number): boolean =>
  (one & ~RESTART) === mode1 && two === TOTEM_POLE;

/** One chip: configuration, and writes with read-back. */
export class Pca9685 {
  /** The chip's name for people, with its address. */
  readonly device: string;
  readonly prescale: number;
  readonly stepUs: number;
  /** The channels are as last read back: no write since has an unknown result. */
  certain = false;

  constructor(
    private readonly parts: Pca9685Parts,
    private readonly use: Pca9685Use,
  ) {
    this.device = `${use.name} (PCA9685 at I2C 0x${parts.address.toString(16)})`;
    this.prescale = prescaleFor(use.rateHz);
    this.stepUs = stepUs(this.prescale);
  }

  /**
   * Configures the chip from any state, all outputs off, and wakes it only after read-back of the
   * rate. Rejects with `badData` when read-back fails.
   */
  async configure(): Promise<void> {
    const { bus, address, clock } = this.parts;
    if (await this.clockIsForeign()) await this.reset();
    await bus.writeByte(address, MODE1, AUTO_INCREMENT | SLEEP);
    await bus.writeByte(address, PRE_SCALE, this.prescale);
    await bus.writeByte(address, ALL_LED_OFF_H, FULL);
    await bus.writeByte(address, MODE1 + 1, TOTEM_POLE);
    if (!(await this.put(this.allOff(), AUTO_INCREMENT | SLEEP))) throw this.refused('its outputs');
    await this.expect(AUTO_INCREMENT | SLEEP);
    await bus.writeByte(address, MODE1, AUTO_INCREMENT);
    await delay(clock, WAKE_MS);
    await this.expect(AUTO_INCREMENT);
  }

  /** Whether the chip still has its configuration; not so after a supply loss. */
  async configured(): Promise<boolean> {
    return this.is(AUTO_INCREMENT);
  }

  /**
   * Writes the channels in one transaction and reads them back with the mode in another, and the
   * rate where `rated`; false when they differ, or when the chip has lost its configuration: the same
   * values are other pulses at another rate. `unseen` is called when read-back is late: the outputs
   * may then be anything.
   */
  take(bytes: Uint8Array, unseen?: () => void): Promise<boolean> {
    return this.put(bytes, AUTO_INCREMENT, unseen);
  }

  private async put(bytes: Uint8Array, mode1: number, unseen = (): void => {}): Promise<boolean> {
    for (let tries = 0; tries < WRITE_TRIES; tries++) {
      await this.write(bytes);
      const patience = this.parts.clock.after(UNSEEN_MS, unseen);
      try {
        const seen = await this.look(bytes, mode1);
        // Read twice: a single bit error in a reading is not the chip's state.
        const again = seen === 'foreign' ? await this.look(bytes, mode1) : seen;
        this.certain = again === 'taken';
        if (again === 'foreign') return false;
      } finally {
        patience.cancel();
      }
      if (this.certain) return true;
    }
    return false;
  }

  private async look(bytes: Uint8Array, mode1: number): Promise<'taken' | 'other' | 'foreign'> {
    const { bus, address } = this.parts;
    const registers = await bus.readBlock(address, MODE1, LED0_ON_L + bytes.length);
    if (!isMode(registers, mode1)) return 'foreign';
    if (this.use.rated && (await bus.readByte(address, PRE_SCALE)) !== this.prescale)
      return 'foreign';
    return bytes.every((byte, i) => byte === registers[LED0_ON_L + i]) ? 'taken' : 'other';
  }

  private async write(bytes: Uint8Array): Promise<void> {
    try {
      await this.parts.bus.writeBlock(this.parts.address, LED0_ON_L, bytes);
    } catch (error) {
      // Not acknowledged: nothing was written. After any other failure a part may have been written.
      const untouched = error instanceof HardwareFault && error.kind === 'noAnswer';
      if (!untouched) this.certain = false;
      throw error;
    }
    this.certain = false;
  }

  allOff(): Uint8Array {
    return this.bytesOf(Array<number>(this.use.channels).fill(0));
  }

  /** Registers of the channels from 0 on, each high for its steps of 4096. */
  bytesOf(steps: readonly number[]): Uint8Array {
    return Uint8Array.from(steps.flatMap((each) => [...channelBytes(each)]));
  }

  refused(what: string): HardwareFault {
    return new HardwareFault(
      'badData',
      this.device,
      `${what} cannot be set: read back otherwise than written; check cable and supply`,
    );
  }

  /** For a call that timed out. */
  late(): HardwareFault {
    return new HardwareFault('timeout', this.device, `not taken within ${CALL_MS} ms`);
  }

  private async is(mode1: number): Promise<boolean> {
    const { bus, address } = this.parts;
    const modes = await bus.readBlock(address, MODE1, 2);
    const prescale = await bus.readByte(address, PRE_SCALE);
    return isMode(modes, mode1) && prescale === this.prescale;
  }

  private async expect(mode1: number): Promise<void> {
    // Read twice: a single bit error in a reading is not the chip's state.
    if ((await this.is(mode1)) || (await this.is(mode1))) return;
    throw this.refused('its mode and rate');
  }

  /** Read twice: a reset because of a single bit error would also reset the other chip. */
  private async clockIsForeign(): Promise<boolean> {
    const { bus, address } = this.parts;
    for (let look = 0; look < 2; look++)
      if (!((await bus.readByte(address, MODE1)) & EXTERNAL_CLOCK)) return false;
    return true;
  }

  /**
   * Section 7.6: resets every PCA9685 on the bus; each is detected as unconfigured at its next use,
   * and configured again. Not acknowledged if no chip responds to the general call.
   */
  private async reset(): Promise<void> {
    await this.parts.bus.sendByte(GENERAL_CALL, SOFTWARE_RESET).catch(() => {});
  }
}
