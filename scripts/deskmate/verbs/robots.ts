import type { ApiRobot } from '../../../agent/wire/fleet-api.ts';
import { textFlag } from '../command/flag.ts';
import { moment, translator } from '../command/language.ts';
import { tableFlags } from '../command/table-flags.ts';
import { EXIT, type Verb } from '../command/verb.ts';
import { robotsQuery, serverFlag } from '../fleet/server-flags.ts';

const tables = tableFlags(['robot', 'school', 'name', 'state', 'seen']);

export const robots: Verb = {
  name: 'robots',
  summary: {
    en: 'the robots of the fleet, as far as they are yours',
    nl: 'de robots van de groep, voor zover van jou',
    sv: 'gruppens robotar, så långt de är dina',
  },
  flags: { query: robotsQuery, server: serverFlag, ...tables },
  examples: [
    {
      args: ['robots', '--query', 'school:norra', '--sort', '-seen'],
      about: {
        en: 'of one school, heard last first',
        nl: 'van één school, laatst gehoord eerst',
        sv: 'en skolas, senast hörd först',
      },
    },
  ],
  async run(call) {
    const [{ withFleetApi }, { serverWords }, { tellTable }, { rememberNames }, rows] =
      await Promise.all([
        import('../fleet/server-call.ts'),
        import('../fleet/server-words.ts'),
        import('../command/table.ts'),
        import('../command/known-names.ts'),
        import('../fleet/robot-facts.ts'),
      ]);
    const say = translator(serverWords, call.language);
    const query = textFlag(call, 'query');
    const found = await withFleetApi(call, ({ api }) => api.robots(query));
    if (query === undefined) {
      const schools = [...new Set(found.flatMap(({ school }) => school ?? []))];
      await rememberNames({ robots: found.map(({ id }) => id), schools }, call.env);
    }
    tellTable<ApiRobot>(
      call,
      {
        rows: found,
        forPrograms: (list) => ({ robots: list }),
        none: say('robotsNone'),
        columns: [
          { key: 'robot', head: say('robot'), cell: ({ id }) => id },
          { key: 'school', head: say('school'), cell: ({ school }) => school ?? '' },
          { key: 'name', head: say('name'), cell: ({ name }) => name ?? '', least: 8 },
          { key: 'state', head: say('state'), cell: (row) => rows.stateIn(row) ?? say('unknown') },
          {
            ...{ key: 'seen', head: say('seen'), order: (row) => rows.seenIn(row) ?? null },
            cell: (row) => {
              const seen = rows.seenIn(row);
              return seen === undefined ? say('never') : moment(seen, call.language);
            },
          },
        ],
      },
      tables,
    );
    return EXIT.ok;
  },
};
