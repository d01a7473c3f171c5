import { jsonFlag, numberFlag } from '../../command/flag.ts';
import { codeGroup } from '../../command/groups.ts';
import { completeRobots } from '../../command/known-names.ts';
import { translator } from '../../command/language.ts';
import { EXIT, type Verb } from '../../command/verb.ts';
import {
  dirFlag,
  INVITATION_DAYS,
  invitationDaysFlag,
  outFlag,
  passphraseFlag,
} from '../../fleet/fleet-flags.ts';

export const codeHandover: Verb = {
  name: 'handover',
  parent: codeGroup,
  operands: [
    {
      ...{ name: 'ROBOT', complete: completeRobots },
      about: { en: 'its id', nl: 'de id van de robot', sv: 'robotens id' },
    },
  ],
  summary: {
    en: 'wipes a robot and invites the next pupil',
    nl: 'wist een robot en nodigt de volgende leerling uit',
    sv: 'rensar en robot och bjuder in nästa elev',
  },
  flags: {
    days: invitationDaysFlag,
    out: outFlag,
    dir: dirFlag,
    'passphrase-file': passphraseFlag,
    json: jsonFlag,
  },
  examples: [
    {
      args: ['code', 'handover', 'robot-1', '--out', 'handover.html'],
      about: {
        en: 'codes on a tablet; works without any network',
        nl: 'codes op een tablet; werkt zonder netwerk',
        sv: 'koder på en surfplatta; fungerar utan nätverk',
      },
    },
  ],
  async run(call) {
    const [{ keptReplyKey, showOrder }, { fleetWords }] = await Promise.all([
      import('../../fleet/order-code.ts'),
      import('../../fleet/words.ts'),
    ]);
    const days = numberFlag(call, 'days') ?? INVITATION_DAYS;
    const { replyKey, keep } = await keptReplyKey(call);
    const say = translator(fleetWords, call.language);
    await showOrder(call, { kind: 'assign', days, replyKey }, async (order) => {
      const file = await keep(order);
      if (!call.flags.json) call.terminal.line(say('replyKept', { file }));
      return { replyKey: file };
    });
    return EXIT.ok;
  },
};
