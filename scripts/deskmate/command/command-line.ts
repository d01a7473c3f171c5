import { parseArgs } from 'node:util';
import { slips } from '../../../hal/common/slips.ts';
import { type Language, languageOf, type Translate, translator } from './language.ts';
import { type CommandError, type Flag, usageError, type Verb } from './verb.ts';
import { type CommandWords, commandWords } from './words.ts';

const about = (key: 'optionLang' | 'optionConfig' | 'optionHelp' | 'optionVersion') => ({
  en: commandWords.en[key],
  nl: commandWords.nl[key],
  sv: commandWords.sv[key],
});

/** Flags of every verb. */
export const COMMON: Readonly<Record<string, Flag>> = {
  lang: { type: 'string', value: 'XX', about: about('optionLang') },
  config: { type: 'string', value: 'DIR', about: about('optionConfig') },
  help: { type: 'boolean', short: 'h', about: about('optionHelp') },
  version: { type: 'boolean', short: 'V', about: about('optionVersion') },
};

interface Asked {
  readonly verb: Verb;
  readonly flags: Readonly<Record<string, string | true>>;
  readonly words: readonly string[];
}

/** Parses the arguments of `deskmate`. Throws CommandError with a one-line message. */
export function readCommandLine(
  args: readonly string[],
  verbs: readonly Verb[],
  language: Language,
): Asked {
  const say = translator(commandWords, language);
  const name = verbName(args, verbs);
  const verb = verbs.find((one) => one.name === name);
  if (!verb) throw unknownVerb(name, verbs, language);
  const known = { ...COMMON, ...verb.flags };
  const flags: Record<string, string | true> = {};
  for (const token of tokensOf(args, known)) {
    if (token.kind !== 'option') continue;
    const { rawName, value } = token;
    const flag = Object.hasOwn(known, token.name) ? known[token.name] : undefined;
    if (!flag) throw unknownFlag({ flag: rawName, verb: name }, Object.keys(known), say);
    if (flag.type === 'string' && !value) throw usageError(say('needsValue', { flag: rawName }));
    if (flag.type === 'boolean' && value !== undefined)
      throw usageError(say('takesNoValue', { flag: rawName }));
    flags[token.name] = value ?? true;
  }
  const words = wordsOf(args, known).slice(1);
  const tooMany = words[verb.words ?? 0];
  if (tooMany !== undefined) throw usageError(say('tooManyWords', { word: tooMany, verb: name }));
  if (typeof flags.lang === 'string' && !/^(nl|sv|en)$/.test(flags.lang))
    throw usageError(say('unknownLanguage', { given: flags.lang }));
  return { verb, flags, words };
}

/** Suggests the verb probably meant, else lists all. */
export function unknownVerb(
  verb: string,
  verbs: readonly Verb[],
  language: Language,
): CommandError {
  const say = translator(commandWords, language);
  const known = verbs.map((one) => one.name);
  const near = nearest(verb, known);
  if (near !== undefined) return usageError(say('unknownVerbNear', { verb, near }));
  return usageError(say('unknownVerb', { verb, known: known.join(', ') }));
}

function unknownFlag(
  typed: { flag: string; verb: string },
  known: readonly string[],
  say: Translate<CommandWords>,
): CommandError {
  const near = typed.flag.startsWith('--') ? nearest(typed.flag.slice(2), known) : undefined;
  if (near !== undefined)
    return usageError(say('unknownFlagNear', { ...typed, near: `--${near}` }));
  return usageError(say('unknownFlag', typed));
}

/**
 * The first word that is not the value of an option of any verb: `--days 3 invite` is `invite`.
 * Without a word: `version` on `--version`, else `help`.
 */
function verbName(args: readonly string[], verbs: readonly Verb[]): string {
  const every = Object.assign({}, ...verbs.map(({ flags }) => flags), COMMON);
  const [name] = wordsOf(args, every);
  if (name !== undefined) return name;
  const version = tokensOf(args, COMMON).some((one) => isOption(one, 'version'));
  return version ? 'version' : 'help';
}

/** The language is needed before the first error message. */
export function spokenLanguage(args: readonly string[], env: NodeJS.ProcessEnv): Language {
  const given = tokensOf(args, COMMON).findLast((token) => isOption(token, 'lang'));
  return languageOf(given?.kind === 'option' ? given.value : undefined, env);
}

/** JSON output is honoured even when the rest of the command line is invalid. */
export const wantsJson = (args: readonly string[]): boolean =>
  tokensOf(args, COMMON).some((token) => isOption(token, 'json'));

type Token = ReturnType<typeof tokensOf>[number];

const isOption = (token: Token, name: string): boolean =>
  token.kind === 'option' && token.name === name;

function tokensOf(args: readonly string[], flags: Readonly<Record<string, Flag>>) {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { type, short }]) => [
      name,
      short ? { type, short } : { type },
    ]),
  );
  return parseArgs({ args: [...args], options, strict: false, tokens: true }).tokens;
}

function wordsOf(args: readonly string[], flags: Readonly<Record<string, Flag>>): string[] {
  return tokensOf(args, flags).flatMap((one) => (one.kind === 'positional' ? [one.value] : []));
}

/** The member of `known` that was probably meant: within two typing errors, and no other word. */
function nearest(word: string, known: readonly string[]): string | undefined {
  const within = Math.min(2, Math.floor(word.length / 2));
  return known
    .map((one) => ({ one, away: slips(word.toLowerCase(), one) }))
    .filter(({ away }) => away <= within)
    .sort((a, b) => a.away - b.away)[0]?.one;
}
