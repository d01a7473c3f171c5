/** Options and operands of a verb, as declared: what they take, and how the help tells of them. */
import type { Language } from './language.ts';

export type InEveryLanguage = Readonly<Record<Language, string>>;

/** Values that shell completion offers. Must be quick, offline, and never throws. */
export type Completer = (env: NodeJS.ProcessEnv) => Promise<readonly string[]>;

interface Described {
  /** One-letter form. */
  readonly short?: string;
  readonly about: InEveryLanguage;
}

interface Valued extends Described {
  /** Placeholder of its value in the help: `FILE`. */
  readonly value?: string;
  /** May be given several times; read it with `textsFlag`. */
  readonly repeated?: true;
  readonly complete?: Completer;
}

/** Given or not given. */
export interface SwitchFlag extends Described {
  readonly type: 'boolean';
  readonly value?: undefined;
}

/** Any text. */
export interface TextFlag extends Valued {
  readonly type: 'string';
}

/** One of a few words. */
export interface ChoiceFlag extends Valued {
  readonly type: 'choice';
  readonly choices: readonly string[];
}

/** A number in a range, both ends included. Never repeated. */
export interface NumberFlag extends Described {
  readonly type: 'number';
  readonly value: string;
  readonly min: number;
  readonly max: number;
  /** Only whole numbers. */
  readonly whole?: true;
  /** What is counted: “days”. */
  readonly counted?: InEveryLanguage;
  /**
   * Units that must be typed after the number, with their size; the value, `min` and `max` are in
   * units of size 1: `{ s: 1, min: 60, h: 3600 }` reads `90min` as 5400.
   */
  readonly units?: Readonly<Record<string, number>>;
}

/** What a parser made of a text. `at`: offset of the mistake in it, 0 for the first character. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: string; readonly at?: number };

/** Text in a syntax of its own; read it with `parsedFlag`. */
export interface ParsedFlag<T> extends Valued {
  readonly type: 'parsed';
  /** Pure. Says in that language what was expected. */
  readonly parse: (text: string, language: Language) => Parsed<T>;
}

export type Flag = SwitchFlag | TextFlag | ChoiceFlag | NumberFlag | ParsedFlag<unknown>;
export type Flags = Readonly<Record<string, Flag>>;
export type FlagValue = true | string | number | readonly string[];

/** A word after the verb: `ROBOT`. */
export interface Operand {
  readonly name: string;
  readonly about?: InEveryLanguage;
  readonly optional?: true;
  /** Takes all words that are left; only the last operand of a verb. */
  readonly variadic?: true;
  readonly choices?: readonly string[];
  readonly complete?: Completer;
  /** What is said when it is missing, instead of the usual sentence. */
  readonly missing?: InEveryLanguage;
}

/** `--json` of the verbs that have it. */
export const jsonFlag: SwitchFlag = {
  type: 'boolean',
  about: {
    en: 'the answer for programs, as JSON; errors too',
    nl: 'het antwoord voor programma’s, als JSON; fouten ook',
    sv: 'svaret för program, som JSON; även fel',
  },
};

/** `--query TEXT`: which robots. `parse` is the query language. */
export function queryFlag<Q>(
  parse: (text: string, language: Language) => Parsed<Q>,
): ParsedFlag<Q> {
  return {
    ...{ type: 'parsed', value: 'TEXT', parse },
    about: {
      en: 'only robots that match, such as “school:norra and state:ready”',
      nl: 'alleen robots die voldoen, zoals ‘school:norra and state:ready’',
      sv: 'bara robotar som stämmer, till exempel ”school:norra and state:ready”',
    },
  };
}

interface Given {
  readonly flags: Readonly<Record<string, FlagValue>>;
}

/** The value of a string or choice flag. */
export function textFlag({ flags }: Given, name: string): string | undefined {
  const value = flags[name];
  return typeof value === 'string' ? value : undefined;
}

/** All values of a repeated flag, in the order given. */
export function textsFlag({ flags }: Given, name: string): readonly string[] {
  const value = flags[name];
  if (typeof value === 'string') return [value];
  return typeof value === 'object' ? value : [];
}

/** The value of a number flag, in its unit of size 1. */
export function numberFlag({ flags }: Given, name: string): number | undefined {
  const value = flags[name];
  return typeof value === 'number' ? value : undefined;
}

/** The value of a parsed flag. The command line has been checked: it parses. */
export function parsedFlag<T>(
  call: Given & { readonly language: Language },
  name: string,
  flag: ParsedFlag<T>,
): T | undefined {
  const text = textFlag(call, name);
  if (text === undefined) return undefined;
  const parsed = flag.parse(text, call.language);
  return parsed.ok ? parsed.value : undefined;
}

/** `--board FILE`. */
export const flagName = (name: string, { value }: Flag): string =>
  value ? `--${name} ${value}` : `--${name}`;

/** `DEVICE`, `[ROBOT]`, `FILE...`. */
export function operandName({ name, optional, variadic }: Operand): string {
  const shown = variadic ? `${name}...` : name;
  return optional ? `[${shown}]` : shown;
}
