import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from './line-splitter.ts';

const MOST = 4_096;

describe('LineSplitter', () => {
  it('gives the same lines however the bytes are cut', () => {
    const line = fc
      .string({ unit: 'binary', maxLength: 40 })
      .filter((text) => !text.includes('\n'));
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.integer({ min: 1, max: 9 })), (lines, cuts) => {
        const seen: (string | undefined)[] = [];
        const splitter = new LineSplitter(64, (line) => seen.push(line));
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        let from = 0;
        for (let i = 0; from < bytes.length; i++) {
          const size = cuts[i % Math.max(1, cuts.length)] ?? 1;
          splitter.push(bytes.subarray(from, from + size));
          from += size;
        }
        const wanted = lines.map((line) =>
          Buffer.byteLength(line) > 64 ? undefined : Buffer.from(line).toString(),
        );
        expect(seen).toEqual(wanted);
      }),
    );
  });

  it('tells a long line once and finds the next', () => {
    const seen: (string | undefined)[] = [];
    const splitter = new LineSplitter(8, (line) => seen.push(line));
    for (let i = 0; i < 1_000; i++) splitter.push(Buffer.from('0123456789'));
    splitter.push(Buffer.from('\nok\n'));
    expect(seen).toEqual([undefined, 'ok']);
  });

  it('gives undefined for what is too long, however the bytes are cut', () => {
    const lines = ['a', '', 'é'.repeat(10), 'y'.repeat(MOST)];
    const bytes = Buffer.from(`${lines.join('\n')}\n${'z'.repeat(MOST + 1)}\nend\nunfinished`);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), (cuts) => {
        const seen: (string | undefined)[] = [];
        const cutter = new LineSplitter(MOST, (line) => seen.push(line));
        let from = 0;
        for (const cut of [...cuts.sort((a, b) => a - b), bytes.length]) {
          cutter.push(bytes.subarray(from, cut));
          from = cut;
        }
        expect(seen).toEqual([...lines, undefined, 'end']);
      }),
      { numRuns: 100 },
    );
  });
});
