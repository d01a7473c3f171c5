import { parseArgs } from 'node:util';
import { type Language, languageOf, translator } from './language.ts';
import { type Flag, UsageError, type Verb } from './verb.ts';
import { commandWords } from './words.ts';

/** Flags of every verb. */
export const COMMON: Readonly<Record<string, Flag>> = {
  lang: { type: 'string' },
  config: { type: 'string' },
  help: { type: 'boolean' },
};

export interface Asked {
  readonly verb: Verb;
  readonly flags: Readonly<Record<string, string | true>>;
  readonly words: readonly string[];
}

/** What was typed after `deskmate`. Throws UsageError with one line for people. */
export function readCommandLine(
  args: readonly string[],
  verbs: readonly Verb[],
  language: Language,
): Asked {
  const say = translator(commandWords, language);
  const refuse = (line: string): never => {
    throw new UsageError(`deskmate: ${line}`);
  };
  const [name = 'help'] = wordsOf(args, COMMON).slice(0, 1);
  const verb = verbs.find((one) => one.name === name);
  if (!verb) {
    const known = verbs.map((one) => one.name).join(', ');
    return refuse(say('unknownVerb', { verb: name, known }));
  }
  const known = { ...COMMON, ...verb.flags };
  const flags: Record<string, string | true> = {};
  for (const token of tokensOf(args, known)) {
    if (token.kind !== 'option') continue;
    const { rawName, value } = token;
    const flag = Object.hasOwn(known, token.name) ? known[token.name] : undefined;
    if (!flag) return refuse(say('unknownFlag', { flag: rawName, verb: name }));
    if (flag.type === 'string' && !value) return refuse(say('needsValue', { flag: rawName }));
    if (flag.type === 'boolean' && value !== undefined)
      return refuse(say('takesNoValue', { flag: rawName }));
    flags[token.name] = value ?? true;
  }
  const words = wordsOf(args, known).slice(1);
  const tooMany = words[verb.words ?? 0];
  if (tooMany !== undefined) return refuse(say('tooManyWords', { word: tooMany, verb: name }));
  if (typeof flags.lang === 'string' && !/^(nl|sv|en)$/.test(flags.lang))
    return refuse(say('unknownLanguage', { given: flags.lang }));
  return { verb, flags, words };
}

/** The language must be known before anything can be refused in it. */
export function spokenLanguage(args: readonly string[], env: NodeJS.ProcessEnv): Language {
  const given = tokensOf(args, COMMON).find(
    (token) => token.kind === 'option' && token.name === 'lang',
  );
  return languageOf(given?.kind === 'option' ? given.value : undefined, env);
}

function tokensOf(args: readonly string[], options: Readonly<Record<string, Flag>>) {
  return parseArgs({ args: [...args], options, strict: false, tokens: true }).tokens;
}

function wordsOf(args: readonly string[], options: Readonly<Record<string, Flag>>): string[] {
  return tokensOf(args, options).flatMap((one) => (one.kind === 'positional' ? [one.value] : []));
}
