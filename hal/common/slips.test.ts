import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slips } from './slips.ts';

describe('slips of the finger', () => {
  it.each([
    ['brokerCa', 'brokerCa', 0],
    ['brokrCa', 'brokerCa', 1],
    ['brokerrCa', 'brokerCa', 1],
    ['brokerCo', 'brokerCa', 1],
    ['borkerCa', 'brokerCa', 1],
    ['borkrCa', 'brokerCa', 2],
    ['', 'ice', 3],
    ['ice', '', 3],
  ])('from "%s" to "%s": %d', (from, to, count) => {
    expect(slips(from, to)).toBe(count);
  });

  it('are as many from either side, and none only between equals', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(slips(a, b)).toBe(slips(b, a));
        expect(slips(a, b) === 0).toBe(a === b);
        expect(slips(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});
