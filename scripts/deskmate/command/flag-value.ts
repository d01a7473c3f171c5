/** Reads the value of one option from its text. */
import type { Flag, NumberFlag } from './flag.ts';
import { type Language, translator } from './language.ts';
import { usageError } from './verb.ts';
import { commandWords } from './words.ts';

/** `name` as in messages: `--days`. Throws CommandError that says what was expected. */
export function readValue(
  name: string,
  flag: Flag,
  text: string,
  language: Language,
): string | number {
  const say = translator(commandWords, language);
  if (text === '') throw usageError(say('needsValue', { flag: name }));
  switch (flag.type) {
    case 'choice':
      if (flag.choices.includes(text)) return text;
      throw usageError(
        say('badChoice', { flag: name, known: anyOf(flag.choices, language), given: text }),
      );
    case 'number':
      return readNumber(name, flag, text, language);
    case 'parsed': {
      const parsed = flag.parse(text, language);
      if (parsed.ok) return text;
      const { why, at } = parsed;
      const place = at === undefined ? '' : ` (${say('atCharacter', { at: at + 1 })})`;
      throw usageError(say('badText', { flag: name, why: `${why}${place}` }));
    }
    default:
      return text;
  }
}

/** `a, b or c`. */
export const anyOf = (words: readonly string[], language: Language): string =>
  new Intl.ListFormat(language === 'en' ? 'en-GB' : language, { type: 'disjunction' }).format(
    words,
  );

/** A decimal comma is as good as a point. */
const NUMBER = /^(-?\d{1,15}(?:[.,]\d{1,9})?) ?([a-zA-Z%°µ]*)$/;

function readNumber(name: string, flag: NumberFlag, text: string, language: Language): number {
  const [, digits, unit = ''] = NUMBER.exec(text) ?? [];
  const { units, min, max, whole } = flag;
  const size = sizeOf(units, unit);
  const value = digits === undefined ? Number.NaN : Number(digits.replace(',', '.')) * size;
  const fits = value >= min && value <= max && (!whole || Number.isInteger(value));
  if (fits) return value;
  throw usageError(expectation(name, flag, text, language));
}

function sizeOf(units: NumberFlag['units'], unit: string): number {
  if (!units) return unit === '' ? 1 : Number.NaN;
  return Object.hasOwn(units, unit) ? (units[unit] ?? Number.NaN) : Number.NaN;
}

function expectation(flag: string, of: NumberFlag, given: string, language: Language): string {
  const say = translator(commandWords, language);
  const { min, max, units, counted } = of;
  if (units) {
    const known = anyOf(Object.keys(units), language);
    const range = { min: withUnit(min, units), max: withUnit(max, units) };
    return say('badAmount', { flag, ...range, known, given });
  }
  if (counted) return say('badCount', { flag, min, max, counted: counted[language], given });
  return say('badNumber', { flag, min, max, given });
}

/** In the largest unit that divides it: 5400 is `90min`. */
function withUnit(value: number, units: Readonly<Record<string, number>>): string {
  const [unit = '', size = 1] =
    Object.entries(units)
      .sort(([, one], [, other]) => other - one)
      .find(([, one]) => Number.isInteger(value / one)) ?? [];
  return `${value / size}${unit}`;
}
