import { expect, it } from 'vitest';
import { peakToMean } from './fleet-measure.ts';

it('is 1 at an even rate, and the number of seconds when all come in one of them', () => {
  const even = Array.from({ length: 1_000 }, (_, n) => 5_000 + n * 10);
  expect(peakToMean(even)).toBeCloseTo(1, 1);
  const storm = [0, ...Array.from({ length: 997 }, (_, n) => 4_000 + n / 2), 9_999];
  expect(peakToMean(storm)).toBeGreaterThan(9);
});
