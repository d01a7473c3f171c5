import { describe, expect, it } from 'vitest';
import { FakeAs5600 } from './as5600.ts';
import { FakeHt16k33 } from './ht16k33.ts';
import { FakePca9685 } from './pca9685.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const readFrom = (chip: FakePca9685 | FakeAs5600 | FakeHt16k33, register: number, n: number) => {
  chip.write(bytes(register));
  return [...chip.read(n)];
};
/** PCA9685 awake with auto increment at 50 Hz, as the datasheet's procedure gets there. */
function running(): FakePca9685 {
  const chip = new FakePca9685(0x41);
  chip.write(bytes(0x00, 0x30));
  chip.write(bytes(0xfe, 121));
  chip.write(bytes(0x00, 0x20));
  return chip;
}

describe('fake PCA9685', () => {
  it('has the reset values of the datasheet', () => {
    const chip = new FakePca9685(0x41);
    const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xfe].map((r) => readFrom(chip, r, 1)[0]);
    expect(all).toEqual([0x11, 0x04, 0xe2, 0xe4, 0xe8, 0xe0, 0, 0, 0, 0x10, 0x1e]);
    expect(chip.rateHz).toBeCloseTo(196.9, 1);
    expect(chip.pulseUs(0)).toBeUndefined();
  });

  it('stays at one register without auto increment, and rolls over with it', () => {
    const chip = new FakePca9685(0x41);
    chip.write(bytes(0x06, 1, 2, 3));
    expect(chip.registers.slice(6, 9)).toEqual(bytes(3, 0, 0));
    chip.write(bytes(0x00, 0x30));
    chip.write(bytes(0x45, 0x10, 0x30, 0x04));
    expect(readFrom(chip, 0x45, 3)).toEqual([0x10, 0x30, 0x04]);
    expect(readFrom(chip, 0xfd, 3)).toEqual([0, 0x1e, 0x30]);
  });

  it('takes PRE_SCALE only asleep, and no less than 3', () => {
    const chip = running();
    expect(chip.rateHz).toBeCloseTo(50.03, 2);
    chip.write(bytes(0xfe, 5));
    expect(chip.registers[0xfe]).toBe(121);
    chip.write(bytes(0x00, 0x30));
    chip.write(bytes(0xfe, 1));
    expect(chip.registers[0xfe]).toBe(3);
  });

  it('has pulses of OFF minus ON steps; full OFF wins over full ON; OE and sleep stop all', () => {
    let enabled = true;
    const chip = new FakePca9685(0x41, () => enabled);
    chip.write(bytes(0x00, 0x30));
    chip.write(bytes(0xfe, 121));
    chip.write(bytes(0x00, 0x20));
    chip.write(bytes(0x06, 0, 0, 0x33, 0x01));
    expect(chip.pulseUs(0)).toBeCloseTo(307 * 4.88, 3);
    chip.write(bytes(0x06, 0x00, 0x0f, 0x33, 0x01));
    expect(chip.duty(0)).toBeCloseTo((307 - 0xf00 + 4096) / 4096, 9);
    chip.write(bytes(0x06, 0, 0x10, 0, 0));
    expect(chip.duty(0)).toBe(1);
    chip.write(bytes(0x09, 0x10));
    expect(chip.duty(0)).toBe(0);
    chip.write(bytes(0x09, 0));
    enabled = false;
    expect(chip.duty(0)).toBe(0);
    enabled = true;
    chip.write(bytes(0x00, 0x30));
    expect(chip.duty(0)).toBe(0);
  });

  it('shows RESTART after sleep under running channels, and waits until it is written', () => {
    const chip = running();
    chip.write(bytes(0x06, 0, 0, 0, 8));
    chip.write(bytes(0x00, 0x30));
    expect(chip.registers[0]).toBe(0xb0);
    chip.write(bytes(0x00, 0x20));
    expect(chip.registers[0]).toBe(0xa0);
    expect(chip.duty(0)).toBe(0);
    chip.write(bytes(0x00, 0xa0));
    expect(chip.registers[0]).toBe(0x20);
    expect(chip.duty(0)).toBe(0.5);
  });

  it('answers all-call for writing until it is turned off, and the software reset', () => {
    const chip = new FakePca9685(0x41);
    expect(chip.answers(0x70, false)).toBe(true);
    expect(chip.answers(0x70, true)).toBe(false);
    chip.write(bytes(0x00, 0x20));
    expect(chip.answers(0x70, false)).toBe(false);
    expect(chip.answers(0x71, false)).toBe(false);
    chip.write(bytes(0x06), 0x00);
    expect(chip.registers[0]).toBe(0x11);
  });

  it('sets all LEDs through ALL_LED, which reads as zero', () => {
    const chip = running();
    chip.write(bytes(0xfa, 0, 0, 0xff, 0x07));
    expect(chip.duty(15)).toBeCloseTo(0x7ff / 4096, 9);
    expect(readFrom(chip, 0xfa, 4)).toEqual([0, 0, 0, 0]);
  });
});

describe('fake AS5600', () => {
  it('gives status and raw angle in one read', () => {
    const chip = new FakeAs5600(0x36);
    chip.angleDeg = () => -90;
    const [status = 0, high = 0, low = 0] = readFrom(chip, 0x0b, 3);
    expect(status & 0x38).toBe(0x20);
    expect((high << 8) | low).toBe(3072);
    chip.magnet = 'strong';
    expect((readFrom(chip, 0x0b, 1)[0] ?? 0) & 0x38).toBe(0x28);
  });

  it('holds its pointer at a two-byte register that it was set to', () => {
    const chip = new FakeAs5600(0x36);
    chip.angleDeg = () => 100;
    const [high = 0, low = 0] = readFrom(chip, 0x0c, 2);
    expect([...chip.read(4)]).toEqual([high, low, high, low]);
    expect(readFrom(chip, 0x0d, 1)).toEqual([low]);
  });

  it('subtracts ZPOS from ANGLE and not from RAW ANGLE, and forgets it without supply', () => {
    const chip = new FakeAs5600(0x40);
    chip.angleDeg = () => 90;
    chip.write(bytes(0x01, 0x01, 0x00));
    expect(readFrom(chip, 0x0e, 2)).toEqual([0x03, 0x00]);
    expect(readFrom(chip, 0x0c, 2)).toEqual([0x04, 0x00]);
    expect(readFrom(chip, 0x20, 1)).toEqual([0x80]);
    chip.powerOn();
    expect(readFrom(chip, 0x0e, 2)).toEqual([0x04, 0x00]);
  });
});

describe('fake HT16K33', () => {
  it('is dark at power on, with whatever in its memory', () => {
    const chip = new FakeHt16k33(0x72);
    expect(chip.rowsSeen()).toEqual(Array(8).fill(0));
    chip.write(bytes(0x21));
    chip.write(bytes(0x81));
    expect(chip.rowsSeen().some((row) => row !== 0)).toBe(true);
    expect(chip.dimming).toBe(15);
  });

  it('takes RAM from any address, round its end, and commands', () => {
    const chip = new FakeHt16k33(0x72);
    chip.write(bytes(0x0f, 1, 2, 3));
    expect(readFrom(chip, 0x0f, 3)).toEqual([1, 2, 3]);
    for (const command of [0x21, 0x81, 0xe5]) chip.write(bytes(command));
    expect([chip.oscillator, chip.display, chip.dimming]).toEqual([true, true, 5]);
    chip.write(bytes(0x80));
    expect(chip.display).toBe(false);
  });
});
