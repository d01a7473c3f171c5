import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpokenLines } from './spoken-lines.ts';

function heard(pieces: readonly Buffer[]): string[] {
  const lines: string[] = [];
  const spoken = new SpokenLines((line) => lines.push(line));
  for (const piece of pieces) spoken.take(piece);
  spoken.end();
  return lines;
}

describe('lines of a program', () => {
  it('are the same in whatever pieces they come', () => {
    const text = Buffer.from('ERROR: från källan\r\n\n40 %\r41 %\r\nlast, without an end');
    const lines = ['ERROR: från källan', '40 %', '41 %', 'last, without an end'];
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), text.length];
        expect(heard(at.slice(1).map((to, i) => text.subarray(at[i], to)))).toEqual(lines);
      }),
    );
  });

  it('are kept from their beginning, however long they are', () => {
    const much = Array.from({ length: 1_000 }, () => Buffer.alloc(64_000, 'x'));
    expect(heard([...much, Buffer.from('\nlast\n')])).toEqual(['x'.repeat(2_000), 'last']);
  });

  it('may hold any bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), (pieces) => {
        for (const line of heard(pieces.map((piece) => Buffer.from(piece))))
          expect(line).not.toMatch(/^$|[\r\n]/);
      }),
    );
  });
});
