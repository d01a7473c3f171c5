import type { I2cBus } from '../../bus/i2c.ts';
import type { Clock } from '../../ports/clock.ts';

/*
 * HT16K33: LED matrix driver. Commands by the Holtek datasheet (Rev. 1.10), command summary: the
 * first byte of a transaction; set-up commands carry their value in the low bits and cannot be read
 * back. RAM is 16 bytes from 0x00. After a supply loss oscillator and display are off and the RAM is
 * undefined, so it is written before the display is switched on.
 */
const RAM = 0x00;
const COMMAND = {
  oscillatorOn: 0x21,
  displayOff: 0x80,
  displaySteady: 0x81,
  dimming: 0xe0,
} as const;
/** Interval of repeating the set-up, which cannot be read back: a chip that lost it stays dark. */
const SETUP_MS = 1_000;

export class Ht16k33 {
  private setUpMs = Number.NEGATIVE_INFINITY;
  private brightness: number | undefined;

  constructor(
    private readonly bus: I2cBus,
    private readonly address: number,
    private readonly clock: Clock,
  ) {}

  /** 16 bytes of RAM and brightness 0..15 (sixteenths of the duty, less one). */
  async show(ram: Uint8Array, brightness: number): Promise<void> {
    const { bus, address, clock } = this;
    const setUp = clock.now() - this.setUpMs < SETUP_MS;
    try {
      if (!setUp) await bus.sendByte(address, COMMAND.oscillatorOn);
      await bus.writeBlock(address, RAM, ram);
      if (!setUp || brightness !== this.brightness) await this.dim(brightness);
      if (!setUp) {
        await bus.sendByte(address, COMMAND.displaySteady);
        this.setUpMs = clock.now();
      }
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  async off(): Promise<void> {
    this.forget();
    await this.bus.writeBlock(this.address, RAM, new Uint8Array(16));
    await this.bus.sendByte(this.address, COMMAND.displayOff);
  }

  private async dim(brightness: number): Promise<void> {
    this.brightness = undefined;
    await this.bus.sendByte(this.address, COMMAND.dimming | brightness);
    this.brightness = brightness;
  }

  private forget(): void {
    this.setUpMs = Number.NEGATIVE_INFINITY;
    this.brightness = undefined;
  }
}
