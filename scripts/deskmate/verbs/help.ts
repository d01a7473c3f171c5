import { jsonFlag } from '../command/flag.ts';
import { tellAll, tellGroup, tellVerb } from '../command/help-text.ts';
import { routeOf, unknownVerb } from '../command/route.ts';
import { EXIT, type Verb } from '../command/verb.ts';

/** `deskmate help [COMMAND...]`; `--help` anywhere and a group's name alone lead here too. */
export const help: Verb = {
  name: 'help',
  operands: [{ name: 'COMMAND', optional: true, variadic: true }],
  summary: {
    en: 'this text, or how to use one command',
    nl: 'deze tekst, of hoe een opdracht werkt',
    sv: 'den här texten, eller hur ett kommando används',
  },
  flags: { json: jsonFlag },
  examples: [
    {
      args: ['help', 'invite'],
      about: {
        en: 'how to let a pupil’s device in',
        nl: 'hoe je een apparaat van een leerling binnenlaat',
        sv: 'hur man släpper in en elevs enhet',
      },
    },
  ],
  async run(call) {
    const { words, verbs, language } = call;
    if (words.length === 0) tellAll(call);
    else {
      const route = routeOf(words, verbs);
      if (route.kind === 'group') tellGroup(call, route.group);
      else if (route.kind === 'verb' && route.length === words.length) tellVerb(call, route.verb);
      else throw unknownVerb(words, verbs, language);
    }
    return EXIT.ok;
  },
};
