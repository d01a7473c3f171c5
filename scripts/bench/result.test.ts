import { describe, expect, it } from 'vitest';
import { result } from './result.ts';

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
