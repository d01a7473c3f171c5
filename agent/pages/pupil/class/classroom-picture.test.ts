import { describe, expect, it } from 'vitest';
import { fitPicture } from './classroom-picture.ts';

const vga = { width: 640, height: 480 };
const hd = { width: 1280, height: 720 };

describe('the picture on its stage', () => {
  it('fills a stage of nearly its own shape', () => {
    const box = fitPicture({ width: 1024, height: 680 }, hd, 64);
    expect(box.height).toBeCloseTo(680);
    expect(box.width).toBeGreaterThan(1024);
    expect(box.left).toBeCloseTo((1024 - box.width) / 2);
  });

  it('cuts off no more than a sixth on a stage of another shape', () => {
    for (const picture of [vga, hd]) {
      const box = fitPicture({ width: 360, height: 500 }, picture, 64);
      expect(360 / box.width).toBeGreaterThanOrEqual(0.8399);
      expect(box.height).toBeLessThan(500);
    }
  });

  it('stands near the top of a tall stage, and in the middle of a flat one', () => {
    expect(fitPicture({ width: 360, height: 500 }, vga, 64).top).toBe(64);
    const flat = fitPicture({ width: 300, height: 240 }, hd, 64);
    expect(flat.top).toBeCloseTo((240 - flat.height) / 2);
  });

  it('takes the whole stage before the first frame tells its size', () => {
    const stage = { width: 300, height: 200 };
    expect(fitPicture(stage, { width: 0, height: 0 }, 64)).toEqual({ left: 0, top: 0, ...stage });
  });
});
