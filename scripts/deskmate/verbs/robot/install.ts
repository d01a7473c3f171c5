import { jsonFlag } from '../../command/flag.ts';
import { robotGroup } from '../../command/groups.ts';
import { translator } from '../../command/language.ts';
import { CommandError, EXIT, type Verb } from '../../command/verb.ts';
import { answerFileOperand, rootFlag } from '../../fleet/fleet-flags.ts';

export const robotInstall: Verb = {
  name: 'install',
  parent: robotGroup,
  operands: [answerFileOperand],
  summary: {
    en: 'on the robot, as root: joins the fleet',
    nl: 'op de robot, als root: hoort voortaan bij de groep',
    sv: 'på roboten, som root: går med i gruppen',
  },
  flags: { root: rootFlag, json: jsonFlag },
  examples: [
    {
      args: ['robot', 'install', 'robot-1.answer.json'],
      about: {
        en: 'certificates and configuration; then restart the agent',
        nl: 'certificaten en configuratie; herstart daarna de agent',
        sv: 'certifikat och konfiguration; starta sedan om agenten',
      },
    },
  ],
  async run(call) {
    const [{ readInput, rootOf, told }, files, { installAnswer }, { loadAgentConfig }, words] =
      await Promise.all([
        import('../../fleet/fleet-call.ts'),
        import('../../fleet/fleet-files.ts'),
        import('../../fleet/robot-side.ts'),
        import('../../command/places.ts'),
        import('../../fleet/words.ts'),
      ]);
    const [file = ''] = call.words;
    const text = readInput(file);
    const loaded = await loadAgentConfig(call.places);
    if (!loaded.ok)
      throw new CommandError('configWrong', EXIT.config, loaded.why, { where: 'agent.json' });
    const { robot, data } = loaded.config;
    const answer = await told(async () => {
      const { value } = files.readFields(files.AnswerFile, text, file);
      const root = rootOf(call);
      if (root !== undefined && root !== value.root) {
        const message = `${file}: its root is ${value.root}, and you expected ${root}`;
        throw new CommandError('robotRefused', EXIT.data, message, { root: value.root });
      }
      const config = call.places.agent.config;
      await installAnswer({ robot, data, config }, value, call.clock.wall());
      return value;
    });
    const { fleet, root } = answer;
    const say = translator(words.fleetWords, call.language);
    if (call.flags.json) call.terminal.line(JSON.stringify({ robot, fleet, root }, null, 2));
    else {
      call.terminal.line(say('installed', { robot, fleet }));
      call.terminal.line(say('installJoin', { file }));
    }
    return EXIT.ok;
  },
};
