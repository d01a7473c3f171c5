/**
 * Words in three languages. The English dictionary is the type of the others: a key that a
 * translation lacks, or one too many, does not compile; nor does a phrase used without the values
 * for its {places}. A place may choose between forms by its number: `{days} {days?day|days}`, the
 * form for one first, by the plural rules of the language (CLDR; ours have `one` and `other`).
 */
export const LANGUAGES = ['nl', 'sv', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export type Dictionary = Readonly<Record<string, string>>;
export type Translation<D extends Dictionary> = { readonly [K in keyof D]: string };
export type Dictionaries<D extends Dictionary> = Readonly<Record<Language, Translation<D>>>;

type NameOf<P extends string> = P extends `${infer Name}?${string}` ? Name : P;
type PlaceOf<S extends string> = S extends `${string}{${infer P}}${infer Rest}`
  ? NameOf<P> | PlaceOf<Rest>
  : never;
export type PlaceValues<S extends string> = [PlaceOf<S>] extends [never]
  ? []
  : [values: Readonly<Record<PlaceOf<S>, string | number>>];

/** Keys of phrases without places: those that tables may name. */
export type PlainKeyOf<D extends Dictionary> = {
  [K in keyof D & string]: [PlaceOf<D[K]>] extends [never] ? K : never;
}[keyof D & string];

export type Translate<D extends Dictionary> = <K extends keyof D & string>(
  key: K,
  ...values: PlaceValues<D[K]>
) => string;

export function translator<D extends Dictionary>(
  dictionaries: Dictionaries<D>,
  language: Language,
): Translate<D> {
  const phrases = dictionaries[language];
  return (key, ...[values]) => fillPlaces(language, phrases[key], values ?? {});
}

const PLACE = /\{(\w+)(?:\?([^{}|]*)\|([^{}|]*))?\}/g;

/** The names of a phrase's {places}, sorted, each once. */
export function placesOf(phrase: string): string[] {
  return [...new Set([...phrase.matchAll(PLACE)].map((match) => match[1] ?? ''))].sort();
}

/** For phrases that are chosen by data; `translator` proves the places. */
export function fillPlaces(
  language: Language,
  phrase: string,
  values: Readonly<Record<string, string | number>>,
): string {
  return phrase.replace(PLACE, (place, name: string, one?: string, other?: string) => {
    const value = values[name];
    if (value === undefined) return place;
    if (one === undefined || other === undefined) return written(language, value);
    return new Intl.PluralRules(language).select(Number(value)) === 'one' ? one : other;
  });
}

/** Numbers with the decimal sign of the language, never grouped: 4.5 is "4,5" in Dutch and Swedish. */
function written(language: Language, value: string | number): string {
  if (typeof value === 'string') return value;
  return value.toLocaleString(language, { useGrouping: false, maximumFractionDigits: 6 });
}

/** What was chosen here before, else the first language of the browser that we speak, else English. */
export function pickLanguage(chosen: string | null, spoken: readonly string[]): Language {
  const wishes = [chosen ?? '', ...spoken.map((tag) => tag.split('-')[0] ?? '')];
  for (const wish of wishes) {
    const found = LANGUAGES.find((language) => language === wish.toLowerCase());
    if (found) return found;
  }
  return 'en';
}
