import { describe, expect, it } from 'vitest';
import { channelBytes, prescaleFor, stepUs } from './pca9685.ts';

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
