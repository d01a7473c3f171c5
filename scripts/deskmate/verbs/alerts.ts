import type { ApiAlert } from '../../../agent/wire/fleet-api.ts';
import { moment, translator } from '../command/language.ts';
import { tableFlags } from '../command/table-flags.ts';
import { CommandError, EXIT, usageError, type Verb } from '../command/verb.ts';
import { serverFlag } from '../fleet/server-flags.ts';

const tables = tableFlags(['robot', 'alert', 'since', 'seen-to']);

export const alerts: Verb = {
  name: 'alerts',
  operands: [
    {
      ...{ name: 'ack', optional: true, choices: ['ack'] },
      about: { en: 'to see to one', nl: 'om er een op te pakken', sv: 'för att ta hand om ett' },
    },
    {
      ...{ name: 'ID', optional: true },
      about: {
        en: 'which: ROBOT/ALERT, as listed',
        nl: 'welke: ROBOT/MELDING, zoals in de lijst',
        sv: 'vilket: ROBOT/LARM, som i listan',
      },
    },
  ],
  summary: {
    en: 'what needs somebody, and who sees to it',
    nl: 'waar iemand naar moet kijken, en wie dat doet',
    sv: 'vad någon behöver titta på, och vem som gör det',
  },
  flags: { server: serverFlag, ...tables },
  examples: [
    {
      args: ['alerts', 'ack', 'robot-1/batteryWorn'],
      about: { en: 'you see to it', nl: 'jij pakt het op', sv: 'du tar hand om det' },
    },
  ],
  async run(call) {
    const [{ withFleetApi }, { serverWords }, { tellTable }] = await Promise.all([
      import('../fleet/server-call.ts'),
      import('../fleet/server-words.ts'),
      import('../command/table.ts'),
    ]);
    const { terminal, language, flags, words } = call;
    const say = translator(serverWords, language);
    const [ack, id] = words;
    if (ack !== undefined && id === undefined)
      throw usageError('ID: expected ROBOT/ALERT, as “deskmate alerts” lists it');
    return withFleetApi(call, async ({ api }) => {
      const open = await api.alerts();
      if (id !== undefined) {
        const found = open.find(({ robot, kind }) => `${robot}/${kind}` === id);
        if (!found) throw new CommandError('notFound', EXIT.data, say('alertsNone'), { id });
        await api.acknowledge(found);
        const { robot, kind: alert } = found;
        if (flags.json) terminal.line(JSON.stringify({ acknowledged: { robot, alert } }, null, 2));
        else terminal.line(say('acknowledged', { robot, alert }));
        return EXIT.ok;
      }
      tellTable<ApiAlert>(
        call,
        {
          rows: open,
          forPrograms: (rows) => ({ alerts: rows }),
          none: say('alertsNone'),
          columns: [
            { key: 'robot', head: say('robot'), cell: ({ robot }) => robot },
            { key: 'alert', head: say('alert'), cell: ({ kind }) => kind },
            {
              ...{ key: 'since', head: say('since'), order: ({ since }) => since },
              cell: ({ since }) => moment(since, language),
            },
            {
              ...{ key: 'seen-to', head: say('seenTo') },
              cell: ({ acknowledged: at }) => (at === null ? '' : moment(at, language)),
            },
          ],
        },
        tables,
      );
      return EXIT.ok;
    });
  },
};
