import { describe, expect, it } from 'vitest';
import { median, quantile, result } from './result.ts';

describe('quantile', () => {
  it('interpolates between the values', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3], 1)).toBe(3);
    expect(median([7])).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe('result', () => {
  it('compares with the best peer', () => {
    expect(result('m', 'ms', [10, 12, 14], { a: [24], b: [48] })).toEqual({
      metric: 'm',
      unit: 'ms',
      ours: 12,
      peers: { a: 24, b: 48 },
      ratio: 0.5,
      runs: 3,
    });
  });
});
