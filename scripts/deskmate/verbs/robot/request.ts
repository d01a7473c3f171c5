import { withAgent } from '../../command/agent-connection.ts';
import { jsonFlag, textFlag } from '../../command/flag.ts';
import { robotGroup } from '../../command/groups.ts';
import { translator } from '../../command/language.ts';
import { EXIT, type Verb } from '../../command/verb.ts';
import { outFlag } from '../../fleet/fleet-flags.ts';

export const robotRequest: Verb = {
  name: 'request',
  parent: robotGroup,
  summary: {
    en: 'on the robot: makes its key and asks to join',
    nl: 'op de robot: maakt zijn sleutel en vraagt erbij te horen',
    sv: 'på roboten: gör dess nyckel och ber att få vara med',
  },
  flags: { out: outFlag, json: jsonFlag },
  examples: [
    {
      args: ['robot', 'request', '--out', 'robot-1.request.json'],
      about: {
        en: 'a file for the person who manages the fleet',
        nl: 'een bestand voor wie de robots beheert',
        sv: 'en fil till den som sköter robotarna',
      },
    },
  ],
  async run(call) {
    const [{ told, writeOutput }, { requestOf }, { loadAgentConfig }, { fleetWords }] =
      await Promise.all([
        import('../../fleet/fleet-call.ts'),
        import('../../fleet/robot-side.ts'),
        import('../../command/places.ts'),
        import('../../fleet/words.ts'),
      ]);
    const { robot, robotKey } = await withAgent(call, (agent) => agent.status());
    const loaded = await loadAgentConfig(call.places);
    // The agent was asked by way of it.
    if (!loaded.ok) throw new Error(loaded.why);
    const { data } = loaded.config;
    const place = { robot, data, config: call.places.agent.config };
    const text = await told(() => requestOf(place, robotKey));
    const file = textFlag(call, 'out') ?? `${robot}.request.json`;
    await writeOutput(file, text);
    const say = translator(fleetWords, call.language);
    if (call.flags.json) call.terminal.line(JSON.stringify({ robot, robotKey, file }, null, 2));
    else call.terminal.line(say('requestMade', { robot, file }));
    return EXIT.ok;
  },
};
