import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { LANGUAGES, placesOf } from '../../hal/common/phrases.ts';
import { formatQuery, OPERATORS, type Query, type QueryTest } from './query.ts';
import { choicesOf, FIELD_NAMES, type Field, fields } from './query-fields.ts';
import { parseQuery } from './query-parser.ts';
import { compileQuery } from './query-predicate.ts';
import { compareVersions, textMatcher } from './query-values.ts';
import { queryWords } from './query-words.ts';
import type { RobotRow } from './robot-row.ts';
import { withReported, withUsage } from './row-folds.ts';
import { DAY, HOUR, NOON, rowOf, usedAt } from './testing/rows.ts';

const parsed = (text: string): Query => {
  const result = parseQuery(text);
  if (!result.ok) throw new Error(`${text}: ${result.why} (at ${result.at})`);
  return result.value;
};
const fits = (row: RobotRow, text: string): boolean => compileQuery(parsed(text))(row, NOON);

const row: RobotRow = withReported(
  withUsage(
    rowOf({
      ...{ id: 'av-12', state: { state: 'alert', faults: ['storage'], version: '0.3.10' } },
      telemetry: {
        ...{ batteryPercent: 15, devices: 1, phase: 2, diskFreeMB: 400, computerC: 71 },
        ...{ signal: { network: 'wifi', dBm: -80 }, nextLesson: NOON + HOUR },
        certificateUntil: NOON + 20 * DAY,
      },
    }),
    usedAt(NOON - 20 * DAY),
    { receivedMs: NOON },
  ),
  { robot: 'av-12', at: 1, sections: { wifi: { version: 1, state: 'rejected' } } },
  { receivedMs: NOON },
);

describe('a query', () => {
  it.each([
    'school:norra and version<0.4 and state:alert',
    'school="norra"',
    'SCHOOL:Norra AND NOT state:ready',
    'robot:av-* and robot:*2 and robot:*v-*',
    'version<0.3.11 and version>0.3.9 and version=0.3.10.0 and version:0.3.*',
    'battery<20% and battery<=15 and battery>=15% and battery!=16',
    'lastUsed>14d and lastUsed<3w',
    'disk<500MB and disk<0.5GB and disk>300000kB',
    'fault:storage and has:fault and fault!=eyes',
    'not is:offline and is:online and is:assigned and not is:lesson',
    'signal<-75dBm and network:wifi and heat>70C',
    'nextLesson<=1h and certificate<30d and phase=2 and devices>0',
    'settings:wifi-rejected and settings:*-rejected and has:rejected',
    'state:ready or state:live and school:sodra or is:online',
    '(state:ready or state:alert) and school:norra',
    'name!=Ada and not name:Ada',
    'seen<1min and clock:sure and since<1min',
  ])('%s finds the robot', (text) => expect(fits(row, text)).toBe(true));

  it.each([
    'state:ready or (state:live or school:sodra)',
    'robot:av-1',
    'robot:"av-*"',
    'robot:*1',
    'version>=0.4',
    'version:0.4*',
    'not school:norra',
    'name:*',
    'lastUsed<14d',
    'batteryLevel:low',
  ])('%s does not find it', (text) => expect(fits(row, text)).toBe(false));

  it('takes never for longer ago than anything', () => {
    expect(fits(rowOf(), 'lastUsed>1000w')).toBe(true);
    expect(fits(rowOf(), 'lastUsed<1000w')).toBe(false);
  });

  it.each([
    ['', 0, 'is empty'],
    ['   ', 0, 'is empty'],
    ['stat:ready', 0, 'there is no field “stat”; did you mean “state”?'],
    ['zzzzzz:1', 0, 'expected one of robot, name, school'],
    ['state:redy', 6, '“state” is never “redy”; did you mean “ready”?'],
    ['state:9', 6, 'expected one of init, ready'],
    ['state<ready', 5, 'has no order'],
    ['version<0.3*', 8, 'found “0.3*”; expected a version'],
    ['version:', 8, 'found the end; expected what “version” is compared with'],
    ['state', 5, 'found the end after “state”'],
    ['state:ready adn school:x', 12, 'found adn; expected “and”, “or” or the end'],
    ['and state:ready', 0, 'expected a field'],
    ['state:ready and', 15, 'found the end; expected a field'],
    ['(state:ready', 0, 'never closed'],
    ['state:ready)', 11, 'found )'],
    ['name:"Ada', 5, 'has no end'],
    ['state!ready', 5, '“!” means nothing'],
    ['disk<500', 5, 'such as 500MB'],
    ['battery<low', 8, 'found “low”; expected a number for “battery”, such as 20%'],
    ['lastUsed>14', 9, 'such as 14d'],
    [`name:${'x'.repeat(1_000)}`, 1_000, 'at most 1000'],
    [`${'('.repeat(40)}is:online${')'.repeat(40)}`, 33, 'too many brackets'],
    [`${'not '.repeat(40)}is:online`, 132, 'too many brackets'],
    [Array(65).fill('is:used').join(' or '), 704, 'at most 64'],
  ])('%s is refused, at its mistake', (text, at, why) => {
    expect(parseQuery(text)).toMatchObject({ ok: false, at, why: expect.stringContaining(why) });
  });

  it('is refused in the language of the person', () => {
    expect(parseQuery('stat:ready', 'sv')).toMatchObject({
      why: expect.stringContaining('menar du'),
    });
    expect(parseQuery('state', 'nl')).toMatchObject({ why: expect.stringContaining('het einde') });
    for (const [name, phrase] of Object.entries(queryWords.en))
      for (const language of LANGUAGES)
        expect(placesOf(queryWords[language][name as keyof typeof queryWords.en])).toEqual(
          placesOf(phrase),
        );
  });

  it('never throws, and stands where it says', () => {
    const piece = fc.constantFrom(
      ...FIELD_NAMES,
      'and',
      'or',
      'not',
      '(',
      ')',
      ':',
      '<',
      '!=',
      '"',
    );
    const word = fc.oneof(piece, fc.string({ maxLength: 6 }), fc.constantFrom('av-*', '“', '😀'));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), fc.constantFrom(' ', ''), (words, between) => {
        const text = words.join(between);
        const result = parseQuery(text);
        if (!result.ok) expect(result.at).toBeLessThanOrEqual(text.length);
        else compileQuery(result.value)(row, NOON);
      }),
    );
  });

  it('comes back from its text', () => {
    fc.assert(
      fc.property(queries, (query) => {
        const text = formatQuery(query);
        expect(parseQuery(text)).toEqual({ ok: true, value: query });
      }),
    );
  });
});

const textValue = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => ({ text, wild: false })),
  fc.constantFrom('av-*', '*', 'a*b*c').map((text) => ({ text, wild: true })),
);
const version = fc.constantFrom('0.3', '1.2.3-rc.1', 'v2', '0.3.1+b4');
const hundredths = fc.integer({ min: -100_000_000, max: 100_000_000 }).map((n) => n / 100 + 0);

const tests: fc.Arbitrary<QueryTest> = fc.constantFrom(...FIELD_NAMES).chain((field) => {
  const { type, units = {} } = fields[field] as Field & { units?: Record<string, number> };
  const kind = 'test' as const;
  const test = { kind: fc.constant(kind), field: fc.constant(field) };
  const equal = fc.constantFrom('=', '!=');
  const text = fc.constant('text' as const);
  const exact = fc.constant(false);
  if (type === 'number')
    return fc.record({
      ...{ ...test, op: fc.constantFrom(...OPERATORS) },
      value: fc.record({
        ...{ type: fc.constant('number'), amount: hundredths },
        unit: fc.constantFrom(...Object.keys(units)),
      }),
    }) as fc.Arbitrary<QueryTest>;
  if (type === 'version')
    return fc.record({
      ...{ ...test, op: fc.constantFrom(...OPERATORS) },
      value: fc.record({ type: text, text: version, wild: exact }),
    });
  if (type === 'text')
    return fc.record({
      ...{ ...test, op: equal },
      value: textValue.map((value) => ({ type: 'text' as const, ...value })),
    }) as fc.Arbitrary<QueryTest>;
  const choice = fc.constantFrom(...choicesOf(field));
  const value = fc.record({ type: text, text: choice, wild: exact });
  return fc.record({ ...test, op: equal, value }) as fc.Arbitrary<QueryTest>;
});

const { query: queries } = fc.letrec<{ query: Query; and: Query; or: Query; not: Query }>((tie) => {
  const of = (kind: 'and' | 'or') =>
    fc
      .array(
        tie('query').filter((one) => one.kind !== kind),
        { minLength: 2, maxLength: 3 },
      )
      .map((parts): Query => ({ kind, of: parts }));
  return {
    query: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tests,
      tie('and'),
      tie('or'),
      tie('not'),
    ),
    and: of('and'),
    or: of('or'),
    not: tie('query').map((not): Query => ({ kind: 'not', not })),
  };
});

test('versions are ordered as numbers, preliminary ones before their release', () => {
  const ordered = ['0.2.9', '0.3.0-rc.1', '0.3.0-rc.2', '0.3', '0.3.1', '0.3.10', '1.0'];
  for (const [i, a] of ordered.entries())
    for (const [j, b] of ordered.entries())
      expect(Math.sign(compareVersions(a, b))).toBe(Math.sign(i - j));
  expect(compareVersions('0.3+a', 'v0.3.0+b')).toBe(0);
});

test('wildcards mean what regular expressions of the same shape mean', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
  fc.assert(
    fc.property(letters, letters, (pattern, text) => {
      const expected = new RegExp(`^${pattern.replaceAll('*', '[^]*')}$`).test(text);
      expect(textMatcher(pattern, pattern.includes('*'))(text)).toBe(
        pattern.includes('*') ? expected : text === pattern,
      );
    }),
  );
});
