import { jsonFlag } from '../../command/flag.ts';
import { robotGroup } from '../../command/groups.ts';
import { translator } from '../../command/language.ts';
import { CommandError, EXIT, type Verb } from '../../command/verb.ts';
import { dirFlag } from '../../fleet/fleet-flags.ts';

export const robotImport: Verb = {
  name: 'import',
  parent: robotGroup,
  operands: [
    {
      name: 'CSV',
      about: {
        en: 'a table with the columns id, school, name, robotKey',
        nl: 'een tabel met de kolommen id, school, name, robotKey',
        sv: 'en tabell med kolumnerna id, school, name, robotKey',
      },
    },
  ],
  summary: {
    en: 'takes over a list of robots, all of it or nothing',
    nl: 'neemt een lijst robots over, helemaal of niet',
    sv: 'tar över en lista med robotar, hela eller inget',
  },
  flags: { dir: dirFlag, json: jsonFlag },
  examples: [
    {
      args: ['robot', 'import', 'robots.csv'],
      about: {
        en: 'robots that are expected, with their schools',
        nl: 'robots die worden verwacht, met hun scholen',
        sv: 'robotar som väntas, med sina skolor',
      },
    },
  ],
  async run(call) {
    const [{ readInput, withFleet }, { parseRobotsCsv }, { importRobots }, { fleetWords }] =
      await Promise.all([
        import('../../fleet/fleet-call.ts'),
        import('../../fleet/robots-csv.ts'),
        import('../../fleet/fleet-robots.ts'),
        import('../../fleet/words.ts'),
      ]);
    const say = translator(fleetWords, call.language);
    const [file = ''] = call.words;
    const parsed = parseRobotsCsv(readInput(file));
    if (!parsed.ok) {
      const errors = parsed.errors
        .map(({ row, field, why }) => `${row}, ${field}: ${why}`)
        .join('; ');
      const { errors: rows } = parsed;
      throw new CommandError('fileWrong', EXIT.data, say('csvRefused', { file, errors }), {
        errors: rows,
      });
    }
    await withFleet(call, (fleet) => importRobots(fleet, parsed.robots));
    const count = parsed.robots.length;
    if (call.flags.json) call.terminal.line(JSON.stringify({ robots: count }));
    else call.terminal.line(say('robotsImported', { count }));
    return EXIT.ok;
  },
};
