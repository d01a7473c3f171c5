import { COMMON, unknownVerb } from '../command/command-line.ts';
import { translator } from '../command/language.ts';
import {
  type Call,
  EXIT,
  type Flag,
  flagName,
  jsonFlag,
  usageOf,
  type Verb,
} from '../command/verb.ts';
import { commandWords } from '../command/words.ts';

/** `deskmate help [COMMAND]`; `--help` anywhere leads here too. */
export function help(others: readonly Verb[]): Verb {
  const self: Verb = {
    name: 'help',
    operands: '[COMMAND]',
    summary: {
      en: 'this text, or how to use one command',
      nl: 'deze tekst, of hoe een opdracht werkt',
      sv: 'den här texten, eller hur ett kommando används',
    },
    flags: { json: jsonFlag },
    words: 1,
    async run(call) {
      const [name] = call.words;
      const all = [...others, self];
      if (name === undefined) tellAll(call, all);
      else tellVerb(call, named(call, all, name));
      return EXIT.ok;
    },
  };
  return self;
}

function named({ language }: Call, all: readonly Verb[], name: string): Verb {
  const found = all.find((verb) => verb.name === name);
  if (found) return found;
  throw unknownVerb(name, all, language);
}

export function tellVerb(call: Call, verb: Verb): void {
  const { terminal, language, flags } = call;
  if (flags.json) {
    terminal.line(JSON.stringify(asJson(verb, language), null, 2));
    return;
  }
  const say = translator(commandWords, language);
  terminal.line(`${say('usage')} ${lineOf(verb)}`);
  terminal.line();
  terminal.line(`  ${verb.summary[language]}`);
  if (Object.keys(verb.flags).length === 0) return;
  terminal.line();
  tellFlags(call, verb.flags, 0);
}

function tellAll(call: Call, verbs: readonly Verb[]): void {
  const { terminal, language, version, flags } = call;
  if (flags.json) {
    const commands = verbs.map((verb) => asJson(verb, language));
    terminal.line(JSON.stringify({ version, commands }, null, 2));
    return;
  }
  const say = translator(commandWords, language);
  terminal.line(`Deskmate ${version}`);
  terminal.line();
  terminal.line(say('commands'));
  const width = Math.max(...verbs.map((verb) => lineOf(verb).length));
  for (const verb of verbs)
    terminal.line(`  ${lineOf(verb).padEnd(width)}   ${verb.summary[language]}`);
  terminal.line();
  terminal.line(say('options'));
  tellFlags(call, COMMON, width);
}

function tellFlags(
  { terminal, language }: Call,
  flags: Readonly<Record<string, Flag>>,
  least: number,
): void {
  const rows = Object.entries(flags).map(([name, flag]) => {
    const short = flag.short ? `-${flag.short}, ` : '';
    return [`${short}${flagName(name, flag)}`, flag.about[language]] as const;
  });
  const width = Math.max(least, ...rows.map(([flag]) => flag.length));
  for (const [flag, about] of rows) terminal.line(`  ${flag.padEnd(width)}   ${about}`);
}

function asJson(verb: Verb, language: Call['language']): object {
  const options = Object.entries(verb.flags).map(([name, flag]) => ({
    option: flagName(name, flag),
    about: flag.about[language],
  }));
  return { command: verb.name, usage: lineOf(verb), about: verb.summary[language], options };
}

const lineOf = (verb: Verb): string => `deskmate ${verb.name} ${usageOf(verb)}`.trimEnd();
