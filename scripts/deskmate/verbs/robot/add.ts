import { jsonFlag, textFlag, textsFlag } from '../../command/flag.ts';
import { robotGroup } from '../../command/groups.ts';
import { completeRobots } from '../../command/known-names.ts';
import { translator } from '../../command/language.ts';
import { CommandError, EXIT, usageError, type Verb } from '../../command/verb.ts';
import { dirFlag, nameFlag, outFlag, passphraseFlag, schoolFlag } from '../../fleet/fleet-flags.ts';

export const robotAdd: Verb = {
  name: 'add',
  parent: robotGroup,
  operands: [
    {
      ...{ name: 'ROBOT', complete: completeRobots },
      about: { en: 'its id', nl: 'de id van de robot', sv: 'robotens id' },
    },
  ],
  summary: {
    en: 'signs a robot’s request and gives it a school',
    nl: 'ondertekent de aanvraag van een robot, met een school',
    sv: 'signerar en robots begäran och ger den en skola',
  },
  flags: {
    csr: {
      ...{ type: 'string', value: 'FILE' },
      about: {
        en: 'what “deskmate robot request” wrote on the robot',
        nl: 'wat ‘deskmate robot request’ op de robot schreef',
        sv: 'vad ”deskmate robot request” skrev på roboten',
      },
    },
    school: schoolFlag,
    name: nameFlag,
    out: outFlag,
    dir: dirFlag,
    'passphrase-file': passphraseFlag,
    json: jsonFlag,
  },
  examples: [
    {
      args: ['robot', 'add', 'robot-1', '--csr', 'robot-1.request.json', '--school', 'norra'],
      about: {
        en: 'writes robot-1.answer.json, to bring to the robot',
        nl: 'schrijft robot-1.answer.json, om naar de robot te brengen',
        sv: 'skriver robot-1.answer.json, att ta med till roboten',
      },
    },
  ],
  async run(call) {
    const [
      { checked, expectFree, newId, readInput, withFleet, writeOutput },
      files,
      robots,
      { fleetWords },
    ] = await Promise.all([
      import('../../fleet/fleet-call.ts'),
      import('../../fleet/fleet-files.ts'),
      import('../../fleet/fleet-robots.ts'),
      import('../../fleet/words.ts'),
    ]);
    const { PlaceId, RobotId } = await import('../../../../agent/wire/topics.ts');
    const id = checked('ROBOT', RobotId, call.words[0] ?? '');
    const csr = textFlag(call, 'csr');
    const [typed, ...more] = textsFlag(call, 'school');
    if (csr === undefined) throw usageError('--csr FILE: expected the robot’s request');
    if (typed === undefined || more.length > 0)
      throw usageError('--school SCHOOL: expected the robot’s school, one');
    const school = checked('--school', PlaceId, typed);
    const nowMs = call.clock.wall();
    const text = readInput(csr);
    const file = textFlag(call, 'out') ?? `${id}.answer.json`;
    await expectFree(file);
    const answer = await withFleet(call, (fleet) => {
      const { robot, robotKey, request } = files.readFields(files.RequestFile, text, csr).value;
      if (robot !== id) {
        const message = `${csr}: it is the request of ${robot}, expected one of ${id}`;
        throw new CommandError('robotRefused', EXIT.data, message, { robot });
      }
      const name = textFlag(call, 'name');
      return robots.addRobot(fleet, { id, school, name, robotKey, request, nowMs, newId });
    });
    await writeOutput(file, files.writeFields(files.AnswerFile, answer));
    const say = translator(fleetWords, call.language);
    if (call.flags.json) call.terminal.line(JSON.stringify({ robot: id, school, file }, null, 2));
    else {
      call.terminal.line(say('robotAdded', { robot: id, school, file }));
      call.terminal.line(say('robotInstall', { file }));
    }
    return EXIT.ok;
  },
};
