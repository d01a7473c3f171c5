import { PointedChip } from './i2c.ts';

/*
 * HT16K33 by its datasheet (Holtek, Rev. 1.10): command summary, RAM map, power-on reset. Its
 * display RAM is not touched by a reset, so that after the supply it holds whatever it likes.
 */
const RAM_BYTES = 16;
/** High halves of the first byte. */
const COMMAND = { mask: 0xf0, systemSetup: 0x20, displaySetup: 0x80, dimming: 0xe0 } as const;

export class FakeHt16k33 extends PointedChip {
  readonly ram = new Uint8Array(RAM_BYTES);
  oscillator = false;
  display = false;
  /** 0..15: sixteenths of the duty, less one. */
  dimming = 15;

  constructor(address: number) {
    super('HT16K33', address);
    this.powerOn();
  }

  powerOn(): void {
    for (let i = 0; i < RAM_BYTES; i++) this.ram[i] = (0xa5 + 29 * i) & 0xff;
    this.oscillator = false;
    this.display = false;
    this.dimming = 15;
    this.pointer = 0;
  }

  write(bytes: Uint8Array): void {
    const [command = 0, ...data] = bytes;
    switch (command & COMMAND.mask) {
      case 0x00:
        this.pointer = command & 0x0f;
        for (const byte of data) {
          this.ram[this.pointer] = byte;
          this.pointer = (this.pointer + 1) % RAM_BYTES;
        }
        break;
      case COMMAND.systemSetup:
        this.oscillator = (command & 1) === 1;
        break;
      case COMMAND.displaySetup:
        this.display = (command & 1) === 1;
        break;
      case COMMAND.dimming:
        this.dimming = command & 0x0f;
        break;
    }
  }

  read(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.next());
  }

  /** The byte under the pointer, which moves on. */
  private next(): number {
    const byte = this.ram[this.pointer] ?? 0;
    this.pointer = (this.pointer + 1) % RAM_BYTES;
    return byte;
  }

  /**
   * Rows of the 8x8 matrix as a viewer sees them (bit 7 leftmost), wired as on the common breakout
   * of this chip: row y is RAM byte 2y, column x (0 leftmost) is its bit (x + 7) mod 8.
   */
  rowsSeen(): number[] {
    return Array.from({ length: 8 }, (_, y) => {
      if (!this.oscillator || !this.display) return 0;
      const byte = this.ram[2 * y] ?? 0;
      let row = 0;
      for (let x = 0; x < 8; x++) if (byte & (1 << ((x + 7) % 8))) row |= 0x80 >> x;
      return row;
    });
  }
}
