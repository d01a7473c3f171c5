/** `--json`, `--columns` and `--sort` of verbs that print a table. */
import { type Flags, jsonFlag, type ParsedFlag } from './flag.ts';
import { anyOf } from './flag-value.ts';
import { type Language, translator } from './language.ts';
import { commandWords } from './words.ts';

export interface Sorting {
  readonly key: string;
  readonly descending: boolean;
}

/** Options of a verb whose table has columns with these keys. */
export function tableFlags(keys: readonly string[]) {
  return {
    json: jsonFlag,
    columns: columnsFlag(keys),
    sort: sortFlag(keys),
  } satisfies Flags;
}

function columnsFlag(keys: readonly string[]): ParsedFlag<readonly string[]> {
  const known = keys.join(', ');
  return {
    ...{ type: 'parsed', value: 'A,B', complete: async () => keys },
    about: {
      en: `only these columns, in this order: ${known}`,
      nl: `alleen deze kolommen, in deze volgorde: ${known}`,
      sv: `bara de här kolumnerna, i den ordningen: ${known}`,
    },
    parse: (text, language) => {
      const asked = text.split(',').map((one) => one.trim());
      const strange = asked.find((one) => !keys.includes(one));
      if (strange === undefined) return { ok: true, value: [...new Set(asked)] };
      return { ok: false, why: unknownColumn(strange, keys, language) };
    },
  };
}

function sortFlag(keys: readonly string[]): ParsedFlag<Sorting> {
  return {
    ...{ type: 'parsed', value: 'COLUMN' },
    complete: async () => keys.flatMap((key) => [key, `-${key}`]),
    about: {
      en: 'in the order of this column; with a minus before it the other way round',
      nl: 'op volgorde van deze kolom; met een min ervoor andersom',
      sv: 'i den här kolumnens ordning; med ett minus före åt andra hållet',
    },
    parse: (text, language) => {
      const descending = text.startsWith('-');
      const key = descending ? text.slice(1) : text;
      if (keys.includes(key)) return { ok: true, value: { key, descending } };
      return { ok: false, why: unknownColumn(key, keys, language) };
    },
  };
}

function unknownColumn(given: string, keys: readonly string[], language: Language): string {
  return translator(commandWords, language)('unknownColumn', {
    ...{ given, known: anyOf(keys, language) },
  });
}
