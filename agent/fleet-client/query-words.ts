/** What is said of a query that cannot be read. */
import { type Dictionaries, fillPlaces, type Language } from '../../hal/common/phrases.ts';

export type QueryFault =
  | { readonly name: 'empty' | 'openQuote' | 'openBracket' | 'tooDeep' }
  | { readonly name: 'tooLong' | 'tooManyTests'; readonly most: number }
  | { readonly name: 'strayCharacter'; readonly char: string }
  | { readonly name: 'fieldWanted' | 'joinWanted'; readonly found: string }
  | { readonly name: 'unknownField'; readonly found: string; readonly fields: string }
  | { readonly name: 'meantField'; readonly found: string; readonly meant: string }
  | { readonly name: 'operatorWanted'; readonly field: string; readonly found: string }
  | { readonly name: 'noOrder'; readonly field: string; readonly found: string }
  | { readonly name: 'valueWanted'; readonly field: string; readonly found: string }
  | {
      readonly name: 'unknownValue';
      readonly field: string;
      readonly found: string;
      readonly values: string;
    }
  | {
      readonly name: 'meantValue';
      readonly field: string;
      readonly found: string;
      readonly meant: string;
    }
  | {
      readonly name: 'numberWanted';
      readonly field: string;
      readonly found: string;
      readonly example: string;
    }
  | { readonly name: 'versionWanted'; readonly field: string; readonly found: string };

const en = {
  empty: 'the query is empty; expected a test such as state:ready',
  openQuote: 'this quotation mark has no end',
  openBracket: 'this bracket is never closed; expected )',
  tooDeep: 'too many brackets or “not” inside each other',
  tooLong: 'the query is too long; at most {most} characters',
  tooManyTests: 'too many tests; at most {most}',
  strayCharacter: '“{char}” means nothing here; put texts between double quotation marks',
  fieldWanted: 'found {found}; expected a field, “not” or a bracket, such as state:ready',
  joinWanted: 'found {found}; expected “and”, “or” or the end',
  unknownField: 'there is no field “{found}”; expected one of {fields}',
  meantField: 'there is no field “{found}”; did you mean “{meant}”?',
  operatorWanted: 'found {found} after “{field}”; expected : = != < <= > or >=',
  noOrder: '“{field}” has no order for {found}; expected : = or !=',
  valueWanted: 'found {found}; expected what “{field}” is compared with',
  unknownValue: '“{field}” is never “{found}”; expected one of {values}',
  meantValue: '“{field}” is never “{found}”; did you mean “{meant}”?',
  numberWanted: 'found “{found}”; expected a number for “{field}”, such as {example}',
  versionWanted: 'found “{found}”; expected a version for “{field}”, such as 0.3 or 0.3.1',
  end: 'the end',
} as const;

export const queryWords: Dictionaries<typeof en> = {
  en,
  nl: {
    empty: 'de zoekvraag is leeg; schrijf een voorwaarde zoals state:ready',
    openQuote: 'dit aanhalingsteken wordt niet gesloten',
    openBracket: 'dit haakje wordt niet gesloten; schrijf )',
    tooDeep: 'te veel haakjes of ‘not’ in elkaar',
    tooLong: 'de zoekvraag is te lang; hoogstens {most} tekens',
    tooManyTests: 'te veel voorwaarden; hoogstens {most}',
    strayCharacter: '‘{char}’ betekent hier niets; zet tekst tussen dubbele aanhalingstekens',
    fieldWanted: 'hier staat {found}; schrijf een veld, ‘not’ of een haakje, zoals state:ready',
    joinWanted: 'hier staat {found}; schrijf ‘and’ of ‘or’, of stop hier',
    unknownField: 'het veld ‘{found}’ bestaat niet; kies uit {fields}',
    meantField: 'het veld ‘{found}’ bestaat niet; bedoelt u ‘{meant}’?',
    operatorWanted: 'hier staat {found} na ‘{field}’; schrijf : = != < <= > of >=',
    noOrder: '‘{field}’ heeft geen volgorde voor {found}; schrijf : = of !=',
    valueWanted: 'hier staat {found}; schrijf waarmee ‘{field}’ wordt vergeleken',
    unknownValue: '‘{field}’ is nooit ‘{found}’; kies uit {values}',
    meantValue: '‘{field}’ is nooit ‘{found}’; bedoelt u ‘{meant}’?',
    numberWanted: 'hier staat ‘{found}’; schrijf een getal voor ‘{field}’, zoals {example}',
    versionWanted: 'hier staat ‘{found}’; schrijf een versie voor ‘{field}’, zoals 0.3 of 0.3.1',
    end: 'het einde',
  },
  sv: {
    empty: 'sökningen är tom; skriv ett villkor som state:ready',
    openQuote: 'citattecknet avslutas aldrig',
    openBracket: 'parentesen stängs aldrig; skriv )',
    tooDeep: 'för många parenteser eller ”not” i varandra',
    tooLong: 'sökningen är för lång; högst {most} tecken',
    tooManyTests: 'för många villkor; högst {most}',
    strayCharacter: '”{char}” betyder ingenting här; skriv text inom dubbla citattecken',
    fieldWanted: 'här står {found}; skriv ett fält, ”not” eller en parentes, som state:ready',
    joinWanted: 'här står {found}; skriv ”and” eller ”or”, eller sluta här',
    unknownField: 'fältet ”{found}” finns inte; välj bland {fields}',
    meantField: 'fältet ”{found}” finns inte; menar du ”{meant}”?',
    operatorWanted: 'här står {found} efter ”{field}”; skriv : = != < <= > eller >=',
    noOrder: '”{field}” har ingen ordning för {found}; skriv : = eller !=',
    valueWanted: 'här står {found}; skriv vad ”{field}” ska jämföras med',
    unknownValue: '”{field}” är aldrig ”{found}”; välj bland {values}',
    meantValue: '”{field}” är aldrig ”{found}”; menar du ”{meant}”?',
    numberWanted: 'här står ”{found}”; skriv ett tal för ”{field}”, som {example}',
    versionWanted: 'här står ”{found}”; skriv en version för ”{field}”, som 0.3 eller 0.3.1',
    end: 'slutet',
  },
};

/** One sentence without a full stop, to stand after a position. Empty places: the end. */
export function tellQueryFault({ name, ...places }: QueryFault, language: Language): string {
  const { end } = queryWords[language];
  const shown = Object.entries(places).map(([place, value]) => [place, value === '' ? end : value]);
  // The places of each fault are those of its phrase: the test goes through them all.
  return fillPlaces(language, queryWords[language][name], Object.fromEntries(shown));
}
