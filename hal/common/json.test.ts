import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonTextError, parseJsonText } from './json.ts';

/** Field and message of a refusal. */
function refused(text: string): string {
  try {
    parseJsonText(text);
  } catch (error) {
    if (error instanceof JsonTextError) return `${error.field}: ${error.message}`;
    throw error;
  }
  return 'taken';
}

describe('JSON that people edit', () => {
  it('is what JSON is', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ noUnicodeString: false }),
        fc.constantFrom(0, 2),
        (value, space) => {
          const text = JSON.stringify(value, undefined, space);
          fc.pre(!/[\0\uFFFD]/.test(text));
          expect(parseJsonText(text)).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  it('is nothing else: what JSON.parse refuses is refused, with a place', () => {
    const pieces = fc.constantFrom(
      ...'{}[]",:\\ \n-.0123e+truefalsn'.split(''),
      '"a"',
      'null',
      '1',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (some) => {
        const text = some.join('');
        const known = (() => {
          try {
            return JSON.stringify(JSON.parse(text));
          } catch {
            return undefined;
          }
        })();
        const said = refused(text);
        if (known === undefined) expect(said).toMatch(/^: expected JSON \(line \d+, column \d+: /);
        else if (said === 'taken') expect(JSON.stringify(parseJsonText(text))).toBe(known);
        else expect(said).toMatch(/stands twice/);
      }),
      { numRuns: 2_000 },
    );
  });

  it('may begin with a byte order mark, and have any ends of lines', () => {
    expect(parseJsonText('\uFEFF{"a": 1}')).toEqual({ a: 1 });
    expect(parseJsonText('\uFEFF{\r\n\t"a": [1,\r\n2]\r\n}\r\n')).toEqual({ a: [1, 2] });
  });

  it.each([
    ['{"i2c": {}, "i2c": null}', 'i2c: stands twice, in line 1, column 2 and in line 1, column 13'],
    [
      '{"a": {"b": 1,\n  "b": 1}}',
      'a.b: stands twice, in line 1, column 8 and in line 2, column 3',
    ],
    ['{"s": [{"u": 1}, {"u": 2, "\\u0075": 3}]}', 's.1.u: stands twice'],
    ['{"__proto__": 1, "__proto__": 2}', '__proto__: stands twice'],
  ])('says of %j which name is there again, and where', (text, message) => {
    expect(refused(text)).toContain(message);
  });

  it.each([
    ['', 'line 1, column 1: it is empty'],
    ['\uFEFF \n', 'line 2, column 1: it is empty'],
    ['{\n  "a": 1,\n}', 'line 2, column 9: take away the comma before "}"'],
    ['[1, 2,]', 'line 1, column 6: take away the comma before "]"'],
    [
      '{\n  // mine\n  "a": 1}',
      'line 2, column 3: a name in "quotes" expected, found "//"; JSON has no comments',
    ],
    ['{"a": 1 /* b */}', 'line 1, column 9: "," or "}" expected, found "/*"; JSON has no comments'],
    ['# mine\n{}', 'line 1, column 1: a value expected, found "#"; JSON has no comments'],
    [
      "{'a': 1}",
      'line 1, column 2: a name in "quotes" expected, found "\'a\':"; use straight double quotes',
    ],
    ['{“a”: 1}', 'use straight double quotes'],
    ['{a: 1}', 'line 1, column 2: a name in "quotes" expected, found "a:"'],
    ['{"a" 1}', 'line 1, column 6: ":" expected, found "1}"'],
    ['{"a": 1 "b": 2}', 'line 1, column 9: "," or "}" expected'],
    ['{"a": 0x42}', 'line 1, column 7: a value expected, found "0x42}"'],
    ['{"a": NaN}', 'line 1, column 7: a value expected, found "NaN}"'],
    ['{"a": "b\n"}', 'line 1, column 7: text in "quotes" that is not closed'],
    ['{"a": {"b": 1}', 'line 1, column 15: "}" is missing for the bracket of line 1, column 1'],
    ['{} {}', 'line 1, column 4: nothing may follow, found "{}"'],
    ['[', 'found the end of the file'],
    ['['.repeat(100_000), 'too deep'],
  ])('says of %j where it is none', (text, message) => {
    expect(refused(text)).toContain(message);
    expect(refused(text)).not.toContain('\n');
  });

  it('says of other encodings to save it as UTF-8', () => {
    const utf16 = Buffer.from('\uFEFF{"a": 1}', 'utf16le').toString('utf8');
    expect(refused(utf16)).toContain('is it UTF-16? save it as UTF-8');
    const bigEndian = Buffer.from('\uFEFF{"a": 1}', 'utf16le').swap16().toString('utf8');
    expect(refused(bigEndian)).toContain('is it UTF-16? save it as UTF-8');
    const latin1 = Buffer.from('{"name": "en plats f\xf6r Anna"}', 'latin1').toString('utf8');
    expect(refused(latin1)).toContain('line 1, column 21: a letter that is not UTF-8');
  });
});
