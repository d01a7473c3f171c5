import fc from 'fast-check';
import encodeQR from 'qr';
import { describe, expect, it } from 'vitest';
import { CodeCollector, isPart, MAX_CODES, splitIntoCodes } from './code.ts';

function codesOf(text: string): readonly string[] {
  const split = splitIntoCodes(text);
  if (!split.ok) throw new Error(split.why);
  return split.codes;
}

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1_500 });

describe('a document in codes', () => {
  it('comes through in any order, with repeats, once', () => {
    fc.assert(
      fc.property(text, fc.infiniteStream(fc.nat()), (document, picks) => {
        const codes = codesOf(document);
        const collector = new CodeCollector();
        const seen = new Set<number>();
        const found: string[] = [];
        const all = codes.map((_, i) => i);
        const shuffled = [...picks.take(3 * codes.length)].map((pick) => pick % codes.length);
        for (const at of [...shuffled, ...all.reverse(), ...all]) {
          const got = collector.take(codes[at] ?? '');
          if (got.kind === 'whole') found.push(got.text);
          else expect(got).toMatchObject({ kind: 'part', fresh: !seen.has(at) });
          seen.add(at);
        }
        expect(found).toEqual([document]);
      }),
      { numRuns: 60 },
    );
  });

  it('is small enough in each code that a tablet shows it readably', () => {
    const codes = codesOf('x'.repeat(297 * MAX_CODES));
    expect(codes).toHaveLength(MAX_CODES);
    for (const code of codes) {
      expect(isPart(code)).toBe(true);
      expect(code.length).toBeLessThanOrEqual(425);
    }
    expect(encodeQR(codes.at(-1) ?? '', 'raw', { ecc: 'low', border: 1 })).toHaveLength(71);
  });

  it('has a size, and says so', () => {
    expect(splitIntoCodes('')).toMatchObject({ ok: false, why: expect.stringContaining('none') });
    expect(splitIntoCodes('x'.repeat(297 * MAX_CODES + 1))).toEqual({
      ok: false,
      why: 'document: expected at most 19008 bytes, got 19009',
    });
  });

  it('is not put together from codes of several', () => {
    const [a, b] = [codesOf('a'.repeat(600)), codesOf('b'.repeat(600))];
    const collector = new CodeCollector();
    for (const code of [a[0], b[1], a[1], b[2]]) collector.take(code ?? '');
    expect(collector.take(a[2] ?? '')).toEqual({ kind: 'whole', text: 'a'.repeat(600) });
    // Under one name: found by the checksum, and not kept.
    const forged = codesOf('c'.repeat(600)).map((code) =>
      code.replace(/[0-9a-f]{16}/, '0'.repeat(16)),
    );
    const answers = forged.map((code) => collector.take(code).kind);
    expect(answers).toEqual(['part', 'part', 'malformed']);
  });

  it.each([
    ['DM1/0/1/0123456789abcdef/AA', 'expected DM1/'],
    ['DM1/2/1/0123456789abcdef/AA', 'n: expected at most 1, got 2'],
    ['DM1/1/65/0123456789abcdef/AA', 'of: expected at most 64, got 65'],
    ['DM1/1/1/0123456789abcdef/AA', 'checksum'],
    ['DM1/1/1/0123456789abcdef/A=', 'expected DM1/'],
    [`DM1/1/1/0123456789abcdef/${'A'.repeat(700)}`, 'expected DM1/'],
    ['WIFI:S:x;;', 'expected DM1/'],
  ])('refuses %s', (code, why) => {
    const got = new CodeCollector().take(code);
    expect(got).toMatchObject({ kind: 'malformed', why: expect.stringContaining(why) });
  });

  it('refuses a code that contradicts one before', () => {
    const [first = ''] = codesOf('x'.repeat(600));
    const collector = new CodeCollector();
    collector.take(first);
    expect(collector.take(`${first.slice(0, -4)}AAAA`).kind).toBe('malformed');
    collector.take(first);
    expect(collector.take(first.replace('DM1/1/3', 'DM1/1/4')).kind).toBe('malformed');
  });

  it('stands anything, and keeps little of it', () => {
    const id = fc.integer({ min: 0, max: 9 }).map((n) => `${n}`.repeat(16));
    const frame = fc
      .tuple(fc.nat(70), fc.nat(70), id, fc.base64String({ maxLength: 12 }))
      .map((parts) => `DM1/${parts.join('/')}`);
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), frame), { maxLength: 80 }), (codes) => {
        const collector = new CodeCollector();
        for (const code of codes) expect(() => collector.take(code)).not.toThrow();
        const own = codesOf('y'.repeat(900));
        const kinds = own.map((code) => collector.take(code).kind);
        expect(kinds.at(-1)).toBe('whole');
      }),
    );
    // Four sequences; the one that was seen longest ago is forgotten.
    const collector = new CodeCollector();
    const documents = [...'abcde'].map((letter) => codesOf(letter.repeat(500)));
    for (const [first] of documents) collector.take(first ?? '');
    const have = documents.map(([, second]) => collector.take(second ?? '').kind);
    expect(have).toEqual(['part', 'part', 'part', 'part', 'part']);
  });
});
