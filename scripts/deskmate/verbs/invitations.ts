import { withAgent } from '../command/agent-door.ts';
import { moment, translator } from '../command/language.ts';
import { tellColumns } from '../command/terminal.ts';
import { EXIT, jsonFlag, type Verb } from '../command/verb.ts';

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
    const { terminal, flags, language } = call;
    const say = translator(commandWords, language);
    const { invitations: all } = await withAgent(call, (agent) => agent.status());
    const open = all.filter(({ state }) => state === 'open' || state === 'unclear');
    if (flags.json) {
      const listed = open.map(({ id, state, issuedAt, expiresAt, undated = false }) =>
        undated
          ? { id, state, issuedAt: null, expiresAt: null }
          : { id, state, issuedAt, expiresAt },
      );
      terminal.line(JSON.stringify({ invitations: listed }, null, 2));
    } else if (open.length === 0) terminal.line(say('invitationsNone'));
    else {
      const rows = open.map(({ id, issuedAt, expiresAt, undated = false }) => [
        id,
        ...[issuedAt, expiresAt].map((ms) => (undated ? say('timeUnknown') : moment(ms, language))),
      ]);
      const heads = [say('invitationsName'), say('invitationsIssued'), say('invitationsUntil')];
      tellColumns(terminal, heads, rows);
      terminal.line();
      terminal.line(say('invitationsRevoke'));
    }
    return EXIT.ok;
  },
};
