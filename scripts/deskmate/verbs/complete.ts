import { EXIT, type Verb } from '../command/verb.ts';

/** Answers the scripts of `deskmate completion`: a candidate a line, a tab, what it is. */
export const complete: Verb = {
  name: '__complete',
  hidden: true,
  operands: [{ name: 'WORD', optional: true, variadic: true }],
  summary: {
    en: 'what may come next, for shells',
    nl: 'wat er kan volgen, voor shells',
    sv: 'vad som kan följa, för skal',
  },
  flags: {},
  async run({ words, verbs, language, env, terminal }) {
    const { candidatesFor } = await import('../command/completion.ts');
    for (const { text, about } of await candidatesFor(words, { verbs, language, env }))
      terminal.line(about === undefined ? text : `${text}\t${about}`);
    return EXIT.ok;
  },
};
