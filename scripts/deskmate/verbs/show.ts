import { jsonFlag } from '../command/flag.ts';
import { moment, translator } from '../command/language.ts';
import { EXIT, type Verb } from '../command/verb.ts';
import { robotOperand, serverFlag } from '../fleet/server-flags.ts';

export const show: Verb = {
  name: 'show',
  operands: [robotOperand],
  summary: {
    en: 'all that is known of one robot, with its history',
    nl: 'alles wat bekend is van één robot, met wat er gebeurde',
    sv: 'allt som är känt om en robot, med vad som hänt',
  },
  flags: { server: serverFlag, json: jsonFlag },
  examples: [
    {
      args: ['show', 'robot-1', '--json'],
      about: { en: 'for a program', nl: 'voor een programma', sv: 'för ett program' },
    },
  ],
  async run(call) {
    const [{ withFleetApi }, { serverWords }, { tableLines }, facts] = await Promise.all([
      import('../fleet/server-call.ts'),
      import('../fleet/server-words.ts'),
      import('../command/table.ts'),
      import('../fleet/robot-facts.ts'),
    ]);
    const { terminal, language, flags, words } = call;
    const say = translator(serverWords, language);
    const { robot, history } = await withFleetApi(call, async ({ api }) => {
      const found = await api.robot(words[0] ?? '');
      // A teacher sees no history.
      const isTeacher = (await api.login()).role === 'teacher';
      return { robot: found, history: isTeacher ? [] : await api.history(found.id, 20) };
    });
    if (flags.json) {
      terminal.line(JSON.stringify({ robot, history }, null, 2));
      return EXIT.ok;
    }
    const seen = facts.seenIn(robot);
    const rows: readonly (readonly [string, string])[] = [
      [say('robot'), robot.id],
      [say('name'), robot.name ?? ''],
      [say('school'), robot.school ?? ''],
      [say('state'), facts.stateIn(robot) ?? say('unknown')],
      [say('seen'), seen === undefined ? say('never') : moment(seen, language)],
      ...history.map(({ at, what }) => [moment(at, language), what] as const),
    ];
    const columns = [0, 1].map((at) => ({
      ...{ key: String(at), head: '', cell: (row: readonly [string, string]) => row[at] ?? '' },
    }));
    for (const line of tableLines(columns, rows, terminal).slice(1)) terminal.line(line);
    return EXIT.ok;
  },
};
