import { jsonFlag } from '../../command/flag.ts';
import { keyGroup } from '../../command/groups.ts';
import { translator } from '../../command/language.ts';
import { staffFileError, staffFolder } from '../../command/own-key.ts';
import { EXIT, type Verb } from '../../command/verb.ts';
import { commandWords } from '../../command/words.ts';
import { tellKey } from './show.ts';

export const keyNew: Verb = {
  name: 'new',
  parent: keyGroup,
  summary: {
    en: 'makes your key on this computer, once',
    nl: 'maakt je sleutel op deze computer, één keer',
    sv: 'gör din nyckel på den här datorn, en gång',
  },
  flags: { json: jsonFlag },
  examples: [
    {
      args: ['key', 'new'],
      about: {
        en: 'a key in ~/.config/deskmate, which only you can read',
        nl: 'een sleutel in ~/.config/deskmate, die alleen jij kunt lezen',
        sv: 'en nyckel i ~/.config/deskmate, som bara du kan läsa',
      },
    },
  ],
  async run(call) {
    const { newStaffKey } = await import('../../command/staff-key.ts');
    const made = await newStaffKey(staffFolder(call));
    if (!made.ok) throw staffFileError(made, call.language);
    const say = translator(commandWords, call.language);
    if (!call.flags.json) call.terminal.line(say('keyMade', { file: made.key.file }));
    tellKey(call, made.key);
    return EXIT.ok;
  },
};
