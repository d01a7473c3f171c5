import { describe, expect, it } from 'vitest';
import {
  BARCODE_HEIGHT,
  drawFrame,
  makeWall,
  panOffset,
  readBarcode,
  writeBarcode,
} from './picture.ts';

const size = { width: 640, height: 32 };

describe('barcode', () => {
  it.each([0, 1, 123_456_789, 2 ** 31, 2 ** 32 - 1])('reads %i back', (tenths) => {
    const luma = new Uint8Array(size.width * BARCODE_HEIGHT).fill(90);
    writeBarcode(luma, size.width, tenths);
    expect(readBarcode(luma, size.width)).toBe(tenths);
  });

  it('reads from a picture of half the size', () => {
    const luma = new Uint8Array(size.width * BARCODE_HEIGHT);
    writeBarcode(luma, size.width, 987_654_321);
    const half = Uint8Array.from(
      { length: 320 * 8 },
      (_v, at) => luma[Math.floor(at / 320) * 2 * 640 + (at % 320) * 2] ?? 0,
    );
    expect(readBarcode(half, 320, 0.5)).toBe(987_654_321);
  });

  it('refuses what is no code', () => {
    const luma = new Uint8Array(size.width * BARCODE_HEIGHT);
    writeBarcode(luma, size.width, 77);
    luma.fill(235, 8 * size.width, 8 * size.width + 16);
    writeBarcode(luma, size.width, 77);
    luma.copyWithin(8 * size.width, 8 * size.width + 16, 8 * size.width + 32);
    expect(readBarcode(luma, size.width)).toBeUndefined();
  });
});

describe('picture', () => {
  it('moves, and stays on the wall', () => {
    const offsets = Array.from({ length: 1_000 }, (_v, n) => panOffset(n, 640));
    expect(Math.min(...offsets)).toBe(0);
    expect(Math.max(...offsets)).toBe(640);
    expect(offsets.every((offset) => offset % 2 === 0)).toBe(true);
    expect(offsets[1]).not.toBe(offsets[0]);
  });

  it('carries its time', () => {
    const wall = makeWall(size);
    const frame = new Uint8Array((size.width * size.height * 3) / 2);
    drawFrame(wall, size, frame, 5, 42);
    expect(readBarcode(frame, size.width)).toBe(42);
  });
});
