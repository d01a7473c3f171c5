import { withAgent } from '../command/agent-connection.ts';
import { moment, translator } from '../command/language.ts';
import { tableFlags } from '../command/table-flags.ts';
import { EXIT, type Verb } from '../command/verb.ts';
import { commandWords } from '../command/words.ts';

const flags = tableFlags(['invitation', 'issued', 'until']);

export const invitations: Verb = {
  name: 'invitations',
  summary: {
    en: 'invitations that nobody has used yet',
    nl: 'uitnodigingen die nog niemand heeft gebruikt',
    sv: 'inbjudningar som ingen har använt ännu',
  },
  flags,
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
    const { tellTable } = await import('../command/table.ts');
    tellTable(
      call,
      {
        rows: listed,
        forPrograms: (rows) => ({ invitations: rows }),
        columns: [
          { key: 'invitation', head: say('invitationsName'), cell: ({ id }) => id },
          {
            ...{ key: 'issued', head: say('invitationsIssued'), least: 10 },
            cell: ({ issuedAt }) => when(issuedAt),
            order: ({ issuedAt }) => issuedAt,
          },
          {
            ...{ key: 'until', head: say('invitationsUntil'), least: 10 },
            cell: ({ expiresAt }) => when(expiresAt),
            order: ({ expiresAt }) => expiresAt,
          },
        ],
        ...{ none: say('invitationsNone'), next: say('invitationsRevoke') },
      },
      flags,
    );
    return EXIT.ok;
  },
};
