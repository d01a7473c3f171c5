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

/** MODE1: registers follow each other in a block. Without ALLCALL the chip hears only its own address. */
const AUTO_INCREMENT = 0x20;
const SLEEP = 0x10;
/** MODE1: shown by the chip after a sleep under running outputs; writing LEDn ends it. */
const RESTART = 0x80;
/** MODE1: clock from a pin. Sticky: once set, only a reset clears it. */
const EXTERNAL_CLOCK = 0x40;
/** MODE2: totem pole outputs that change together at the STOP, and are low while OE is high. */
const TOTEM_POLE = 0x04;
/** Bit 4 of LEDn_ON_H and LEDn_OFF_H: all of the frame, none of it. */
const FULL = 0x10;

const GENERAL_CALL = 0x00;
const SOFTWARE_RESET = 0x06;

const OSCILLATOR_HZ = 25_000_000;
export const PCA_STEPS = 4096;
/** Section 7.3.1.1: the oscillator is stable 500 us after SLEEP is cleared. */
const WAKE_MS = 0.5;
/** A frame of a servo is 20 ms: a pulse that is not looked at by then may be on the wires. */
const UNSEEN_MS = 4;
/** One wrong bit is noise; outputs that cannot be set in three tries are not ours to trust. */
const WRITE_TRIES = 3;

/** PRE_SCALE for a frame rate: round(25 MHz / (4096 * rate)) - 1, 3..255 (section 7.3.5). */
export function prescaleFor(rateHz: number): number {
  return Math.min(255, Math.max(3, Math.round(OSCILLATOR_HZ / (PCA_STEPS * rateHz)) - 1));
}

/** One step of a frame at this PRE_SCALE, microseconds; exact, as 25 MHz divides evenly. */
export function stepUs(prescale: number): number {
  return ((prescale + 1) * 1e6) / OSCILLATOR_HZ;
}

/** Four registers of a channel that is high for `steps` of 4096, from the frame's start. */
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
  /** As people know it. */
  readonly name: string;
  readonly rateHz: number;
  /** Outputs that are used, from 0. */
  readonly channels: number;
  /** Widths of pulses matter, and with them the rate: it is looked at with each write. */
  readonly rated: boolean;
}

/** MODE1 and MODE2 as they begin a block of registers. */
const isMode = ([one = 0, two = 0]: Uint8Array, mode1: number): boolean =>
  (one & ~RESTART) === mode1 && two === TOTEM_POLE;

/** One chip: set up, looked after, and written with a look whether it took. */
export class Pca9685 {
  /** As people know the chip, with its address. */
  readonly device: string;
  readonly prescale: number;
  readonly stepUs: number;
  /** The channels hold what they were last seen to hold: no write since has ended in doubt. */
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
   * Puts the chip from any state into ours, all outputs off, and does not wake it before it is
   * seen to have the right rate. Rejects with `badData` when it does not take what it is told.
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

  /** Whether the chip still is as `configure` left it. One that lost its supply is not. */
  async configured(): Promise<boolean> {
    return this.is(AUTO_INCREMENT);
  }

  /**
   * Writes the channels in one transaction and reads them back with the mode in another, and the
   * rate where `rated`; false when they are not taken, or when the chip is not as it was set up: the
   * same numbers are other pulses at another rate. `unseen` is called when what was written cannot
   * be looked at soon: it may be anything.
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
        // A second look: one wrong bit of a reading is not the chip's.
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
      // Not acknowledged: the chip has taken nothing. After any other end it may have taken a part.
      const untouched = error instanceof HardwareFault && error.kind === 'noAnswer';
      if (!untouched) this.certain = false;
      throw error;
    }
    this.certain = false;
  }

  allOff(): Uint8Array {
    return this.bytesOf(Array<number>(this.use.channels).fill(0));
  }

  /** Registers of the channels, from 0 on, each high for its steps of 4096. */
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

  /** For a call that the chip did not get to in time. */
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
    // A second look: one wrong bit of a reading is not the chip's.
    if ((await this.is(mode1)) || (await this.is(mode1))) return;
    throw this.refused('its mode and rate');
  }

  /** Looked at twice: a reset for one wrong bit of a reading would cost the other chip its state. */
  private async clockIsForeign(): Promise<boolean> {
    const { bus, address } = this.parts;
    for (let look = 0; look < 2; look++)
      if (!((await bus.readByte(address, MODE1)) & EXTERNAL_CLOCK)) return false;
    return true;
  }

  /**
   * Section 7.6: heard by every PCA9685 of the bus. Each is found without its settings at its next
   * use, and set up again. Not acknowledged where nobody listens to the general call.
   */
  private async reset(): Promise<void> {
    await this.parts.bus.sendByte(GENERAL_CALL, SOFTWARE_RESET).catch(() => {});
  }
}
