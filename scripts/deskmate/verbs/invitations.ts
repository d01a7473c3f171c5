import { withAgent } from '../command/agent-connection.ts';
import { moment, translator } from '../command/language.ts';
import { EXIT, jsonFlag, tellList, type Verb } from '../command/verb.ts';
import { commandWords } from '../command/words.ts';

export const invitations: Verb = {
  name: 'invitations',
  summary: {
    en: 'invitations that nobody has used yet',
    nl: 'uitnodigingen die nog niemand heeft gebruikt',
    sv: 'inbjudningar som ingen har använt ännu',
  },
  flags: { json: jsonFlag },
  async run(call) {
    const { language } = call;
    const say = translator(commandWords, language);
    const { invitations: all } = await withAgent(call, (agent) => agent.status());
    const open = all.filter(({ state }) => state === 'open' || state === 'unclear');
    const listed = open.map(({ id, state, issuedAt, expiresAt, undated = false }) => ({
      ...{ id, state },
      ...(undated ? { issuedAt: null, expiresAt: null } : { issuedAt, expiresAt }),
    }));
    const when = (ms: number | null): string =>
      ms === null ? say('timeUnknown') : moment(ms, language);
    tellList(call, {
      forPrograms: { invitations: listed },
      heads: [say('invitationsName'), say('invitationsIssued'), say('invitationsUntil')],
      rows: listed.map(({ id, issuedAt, expiresAt }) => [id, when(issuedAt), when(expiresAt)]),
      ...{ none: say('invitationsNone'), next: say('invitationsRevoke') },
    });
    return EXIT.ok;
  },
};
