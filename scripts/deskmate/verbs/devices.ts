import { withAgent } from '../command/agent-connection.ts';
import { moment, translator } from '../command/language.ts';
import { namesOf } from '../command/registry-entries.ts';
import { tableFlags } from '../command/table-flags.ts';
import { EXIT, type Verb } from '../command/verb.ts';
import { commandWords } from '../command/words.ts';

const flags = tableFlags(['device', 'bound', 'used']);

export const devices: Verb = {
  name: 'devices',
  summary: {
    en: 'pupils’ devices that may come in, and when they last did',
    nl: 'apparaten van leerlingen die binnen mogen, en sinds wanneer',
    sv: 'elevers enheter som får komma in, och när de senast gjorde det',
  },
  flags,
  examples: [
    {
      args: ['devices', '--sort', '-used'],
      about: {
        en: 'the device that was last in class comes first',
        nl: 'het apparaat dat het laatst in de klas was komt eerst',
        sv: 'enheten som senast var i klassen kommer först',
      },
    },
  ],
  async run(call) {
    const { language } = call;
    const say = translator(commandWords, language);
    const bound = await withAgent(call, (agent) => agent.devices());
    const names = namesOf(bound.map(({ device }) => device));
    const { tellTable } = await import('../command/table.ts');
    const when = (ms: number | null, never: string): string =>
      ms === null ? never : moment(ms, language);
    tellTable(
      call,
      {
        rows: bound.map((one, at) => ({ name: names[at] ?? '', ...one })),
        forPrograms: (rows) => ({ devices: rows }),
        columns: [
          { key: 'device', head: say('devicesName'), cell: ({ name }) => name },
          {
            ...{ key: 'bound', head: say('devicesBound'), least: 10 },
            cell: ({ boundAt }) => when(boundAt, say('timeUnknown')),
            order: ({ boundAt }) => boundAt,
          },
          {
            ...{ key: 'used', head: say('devicesUsed'), least: 10 },
            cell: ({ lastUsedAt }) => when(lastUsedAt, say('devicesNever')),
            order: ({ lastUsedAt }) => lastUsedAt,
          },
        ],
        ...{ none: say('devicesNone'), next: say('devicesRevoke') },
      },
      flags,
    );
    return EXIT.ok;
  },
};
