import { COMMON } from '../command-line.ts';
import { translator } from '../language.ts';
import { type Call, EXIT, type Verb } from '../verb.ts';
import { commandWords } from '../words.ts';

/** `deskmate help [COMMAND]`; `--help` anywhere leads here too. */
export function help(others: readonly Verb[]): Verb {
  const self: Verb = {
    name: 'help',
    usage: '[COMMAND]',
    summary: {
      en: 'this text, or how to use one command',
      nl: 'deze tekst, of hoe een opdracht werkt',
      sv: 'den här texten, eller hur ett kommando används',
    },
    flags: {},
    words: 1,
    async run(call) {
      const [name] = call.words;
      const all = [...others, self];
      const one = all.find((verb) => verb.name === name);
      if (one) tellVerb(call, one);
      else tellAll(call, all);
      return name === undefined || one ? EXIT.ok : EXIT.usage;
    },
  };
  return self;
}

export function tellVerb({ terminal, language }: Call, verb: Verb): void {
  const say = translator(commandWords, language);
  terminal.line(`${say('usage')} ${lineOf(verb)}`);
  terminal.line();
  terminal.line(`  ${verb.summary[language]}`);
}

function tellAll({ terminal, language, version }: Call, verbs: readonly Verb[]): void {
  const say = translator(commandWords, language);
  terminal.line(`Deskmate ${version}`);
  terminal.line();
  terminal.line(say('commands'));
  const width = Math.max(...verbs.map((verb) => lineOf(verb).length));
  for (const verb of verbs)
    terminal.line(`  ${lineOf(verb).padEnd(width)}   ${verb.summary[language]}`);
  terminal.line();
  terminal.line(say('options'));
  const about = { lang: say('optionLang'), config: say('optionConfig'), help: say('optionHelp') };
  for (const [name, { type }] of Object.entries(COMMON)) {
    const flag = `--${name}${type === 'string' ? ` ${name === 'lang' ? 'XX' : 'DIR'}` : ''}`;
    terminal.line(`  ${flag.padEnd(width)}   ${about[name as keyof typeof about]}`);
  }
}

const lineOf = ({ name, usage }: Verb): string => `deskmate ${name} ${usage}`.trimEnd();
