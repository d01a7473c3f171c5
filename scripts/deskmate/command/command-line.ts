import type { CommanderError, Option } from 'commander';
import type { Flag, Flags, FlagValue, Operand } from './flag.ts';
import { anyOf, readValue } from './flag-value.ts';
import { type Language, languageOf, type Translate, translator } from './language.ts';
import { nearest, routeOf, unknownVerb } from './route.ts';
import { scan } from './scan.ts';
import { type CommandError, pathOf, usageError, type Verb } from './verb.ts';
import { type CommandWords, commandWords } from './words.ts';

type Say = Translate<CommandWords>;

const about = (key: 'optionLang' | 'optionConfig' | 'optionHelp' | 'optionVersion') => ({
  en: commandWords.en[key],
  nl: commandWords.nl[key],
  sv: commandWords.sv[key],
});

/** Flags of every verb. */
export const COMMON: Flags = {
  lang: { type: 'choice', value: 'XX', choices: ['nl', 'sv', 'en'], about: about('optionLang') },
  config: { type: 'string', value: 'DIR', about: about('optionConfig') },
  help: { type: 'boolean', short: 'h', about: about('optionHelp') },
  version: { type: 'boolean', short: 'V', about: about('optionVersion') },
};

export interface Asked {
  readonly verb: Verb;
  readonly flags: Readonly<Record<string, FlagValue>>;
  readonly words: readonly string[];
}

/** Parses the arguments of `deskmate`. Rejects with CommandError, a one-line message. */
export async function readCommandLine(
  args: readonly string[],
  verbs: readonly Verb[],
  language: Language,
): Promise<Asked> {
  const say = translator(commandWords, language);
  const { verb, rest, words } = verbOf(args, verbs, language);
  const known = { ...COMMON, ...verb.flags };
  const read = await readArguments(rest, known, { verb: pathOf(verb).join(' '), language, say });
  const given = [...words, ...read.words];
  // What is asked for help or version needs no operands.
  if (!read.flags.help && !read.flags.version) checkOperands(verb, given, language, say);
  return { verb, flags: read.flags, words: given };
}

/** Options of all verbs: `--days 3 invite` is `invite`. */
export const everyFlag = (verbs: readonly Verb[]): Flags =>
  Object.assign({}, ...verbs.map(({ flags }) => flags), COMMON);

/** The verb, and the arguments without the words that named it. A group is help on it. */
function verbOf(args: readonly string[], verbs: readonly Verb[], language: Language) {
  const { words, options } = scan(args, everyFlag(verbs));
  const typed = words.map(({ text }) => text);
  const isAsked = (name: string): boolean => options.some((one) => one.name === name);
  const byDefault = isAsked('version') ? 'version' : 'help';
  const route = routeOf(typed.length > 0 ? typed : [byDefault], verbs);
  const help = verbs.find(({ name, parent }) => name === 'help' && !parent);
  if (route.kind === 'unknown' || (route.kind === 'group' && !help))
    throw unknownVerb(typed, verbs, language);
  const naming = words.slice(0, route.length).map(({ at }) => at);
  const rest = args.filter((_, at) => !naming.includes(at));
  if (route.kind === 'verb') return { verb: route.verb, rest, words: [] };
  return { verb: help as Verb, rest, words: pathOf(route.group) };
}

interface Reading {
  readonly verb: string;
  readonly language: Language;
  readonly say: Say;
}

async function readArguments(args: readonly string[], known: Flags, reading: Reading) {
  const { Command, Option } = await import('commander');
  const flags: Record<string, FlagValue> = {};
  const command = new Command(reading.verb)
    .helpOption(false)
    .exitOverride()
    .configureOutput({ writeOut: () => {}, writeErr: () => {} })
    .showSuggestionAfterError(false)
    .argument('[words...]');
  for (const [name, flag] of Object.entries(known)) {
    const read = (value: string): void => keep(flags, name, flag, value, reading.language);
    command.addOption(declared(new Option(spelled(name, flag)), read));
    if (flag.type === 'boolean')
      command.on(`option:${name}`, () => {
        flags[name] = true;
      });
  }
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    throw isCommanderError(error) ? explained(error, known, reading) : error;
  }
  return { flags, words: command.args };
}

const declared = (option: Option, read: (value: string) => void): Option =>
  option.required ? option.argParser(read) : option;

function spelled(name: string, { type, short }: Flag): string {
  const letter = short ? `-${short}, ` : '';
  return type === 'boolean' ? `${letter}--${name}` : `${letter}--${name} <value>`;
}

function keep(
  flags: Record<string, FlagValue>,
  name: string,
  flag: Flag,
  text: string,
  language: Language,
): void {
  const value =
    name === 'lang'
      ? languageChecked(text, language)
      : readValue(`--${name}`, flag, text, language);
  const before = flags[name];
  const repeated = 'repeated' in flag && flag.repeated;
  flags[name] = repeated ? [...(typeof before === 'object' ? before : []), String(value)] : value;
}

function languageChecked(given: string, language: Language): string {
  const say = translator(commandWords, language);
  if (given === '') throw usageError(say('needsValue', { flag: '--lang' }));
  if (!/^(nl|sv|en)$/.test(given)) throw usageError(say('unknownLanguage', { given }));
  return given;
}

const isCommanderError = (error: unknown): error is CommanderError =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');

/** The library says it in English; what it names stands in quotes. */
function explained(error: CommanderError, known: Flags, { verb, say }: Reading): CommandError {
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? error.message;
  if (error.code === 'commander.optionMissingArgument') {
    const flag = /--[^ ]+/.exec(quoted)?.[0] ?? quoted;
    return usageError(say('needsValue', { flag }));
  }
  const flag = quoted.split('=')[0] ?? quoted;
  if (quoted.includes('=') && Object.hasOwn(known, flag.slice(2)))
    return usageError(say('takesNoValue', { flag }));
  const near = flag.startsWith('--') ? nearest(flag.slice(2), Object.keys(known)) : undefined;
  if (near !== undefined)
    return usageError(say('unknownFlagNear', { flag, verb, near: `--${near}` }));
  return usageError(say('unknownFlag', { flag, verb }));
}

function checkOperands(verb: Verb, words: readonly string[], language: Language, say: Say): void {
  const operands = verb.operands ?? [];
  const name = pathOf(verb).join(' ');
  operands.forEach((operand, at) => {
    if (words[at] === undefined && !operand.optional)
      throw usageError(
        operand.missing?.[language] ?? say('missingOperand', { operand: operand.name, verb: name }),
      );
    const given = operand.variadic ? words.slice(at) : words.slice(at, at + 1);
    for (const word of given) checkChoice(operand, word, language, say);
  });
  const tooMany = operands.at(-1)?.variadic ? undefined : words[operands.length];
  if (tooMany !== undefined) throw usageError(say('tooManyWords', { word: tooMany, verb: name }));
}

function checkChoice({ name, choices }: Operand, given: string, language: Language, say: Say) {
  if (!choices || choices.includes(given)) return;
  throw usageError(say('badOperand', { operand: name, known: anyOf(choices, language), given }));
}

/** The language is needed before the first error message. */
export function spokenLanguage(args: readonly string[], env: NodeJS.ProcessEnv): Language {
  const given = scan(args, COMMON).options.findLast(({ name }) => name === 'lang');
  return languageOf(given?.value, env);
}

/** JSON output is honoured even when the rest of the command line is invalid. */
export const wantsJson = (args: readonly string[]): boolean =>
  scan(args, COMMON).options.some(({ name }) => name === 'json');
