import { jsonFlag } from '../../command/flag.ts';
import { codeGroup } from '../../command/groups.ts';
import { EXIT, type Verb } from '../../command/verb.ts';
import { answerFileOperand, outFlag } from '../../fleet/fleet-flags.ts';

export const codeJoin: Verb = {
  name: 'join',
  parent: codeGroup,
  operands: [answerFileOperand],
  summary: {
    en: 'tells a robot its fleet and school',
    nl: 'vertelt een robot bij welke groep en school hij hoort',
    sv: 'berättar för en robot vilken grupp och skola den hör till',
  },
  flags: { out: outFlag, json: jsonFlag },
  examples: [
    {
      args: ['code', 'join', 'robot-1.answer.json'],
      about: {
        en: 'codes to show to the robot that was added',
        nl: 'codes om te tonen aan de robot die is toegevoegd',
        sv: 'koder att visa för roboten som lades till',
      },
    },
  ],
  async run(call) {
    const [{ readInput, told }, files, { codesOf, showCodes }] = await Promise.all([
      import('../../fleet/fleet-call.ts'),
      import('../../fleet/fleet-files.ts'),
      import('../../fleet/show-codes.ts'),
    ]);
    const [file = ''] = call.words;
    const text = readInput(file);
    const { value } = await told(async () => files.readFields(files.AnswerFile, text, file));
    await showCodes(call, codesOf(value.join), { robot: value.robot });
    return EXIT.ok;
  },
};
