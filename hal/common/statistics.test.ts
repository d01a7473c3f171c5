import { describe, expect, it } from 'vitest';
import { Histogram, median, quantile } from './statistics.ts';

describe('quantile', () => {
  it('interpolates between the values', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3], 1)).toBe(3);
    expect(median([7])).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe('histogram', () => {
  it('says between which edges a quantile lies', () => {
    const counts = new Histogram(0.5, 10);
    for (const value of [0.1, 0.6, 0.7, 2.2]) counts.add(value);
    expect(counts.quantile(0.25)).toEqual({ from: 0, to: 0.5 });
    expect(counts.quantile(0.5)).toEqual({ from: 0.5, to: 1 });
    expect(counts.quantile(1)).toEqual({ from: 2, to: 2.5 });
    expect(counts).toMatchObject({ count: 4, max: 2.2 });
  });

  it('counts what lies beyond it in its last class, which ends at the largest', () => {
    const counts = new Histogram(1, 10);
    for (const value of [-1, 700, 800]) counts.add(value);
    expect(counts.quantile(0.01)).toEqual({ from: 0, to: 1 });
    expect(counts.quantile(0.5)).toEqual({ from: 9, to: 800 });
  });

  it('of nothing is as good as zero', () => {
    expect(new Histogram(1, 10)).toMatchObject({ count: 0, max: 0 });
    expect(new Histogram(1, 10).quantile(0.5)).toEqual({ from: 0, to: 1 });
  });
});
