import { jsonFlag } from '../../command/flag.ts';
import { keyGroup } from '../../command/groups.ts';
import { translator } from '../../command/language.ts';
import { staffFileError, staffFolder } from '../../command/own-key.ts';
import type { StaffKey } from '../../command/staff-key.ts';
import { type Call, EXIT, type Verb } from '../../command/verb.ts';
import { commandWords } from '../../command/words.ts';

export const keyShow: Verb = {
  name: 'show',
  parent: keyGroup,
  summary: {
    en: 'the public part of your key, for the one who grants',
    nl: 'het openbare deel van je sleutel, voor wie toegang geeft',
    sv: 'den öppna delen av din nyckel, för den som ger tillträde',
  },
  flags: { json: jsonFlag },
  examples: [
    {
      args: ['key', 'show', '--json'],
      about: {
        en: 'key and thumbprint, to send to the one who grants',
        nl: 'sleutel en vingerafdruk, om te sturen aan wie toegang geeft',
        sv: 'nyckel och fingeravtryck, att skicka till den som ger tillträde',
      },
    },
  ],
  async run(call) {
    const { loadStaffKey } = await import('../../command/staff-key.ts');
    const loaded = await loadStaffKey(staffFolder(call));
    if (!loaded.ok) throw staffFileError(loaded, call.language);
    tellKey(call, loaded.key);
    return EXIT.ok;
  },
};

/** Never its private part. */
export function tellKey({ terminal, flags, language }: Call, { jwk, thumbprint }: StaffKey): void {
  if (flags.json) {
    terminal.line(JSON.stringify({ jwk, thumbprint }, null, 2));
    return;
  }
  const say = translator(commandWords, language);
  terminal.line(say('keyGive'));
  terminal.line();
  terminal.line(`  ${say('keyJwk')}: ${JSON.stringify(jwk)}`);
  terminal.line(`  ${say('keyThumbprint')}: ${thumbprint}`);
}
