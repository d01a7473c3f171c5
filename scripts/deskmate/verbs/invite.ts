import { MAX_INVITATION_DAYS } from '../../../agent/access/guest-book.ts';
import { withAgent } from '../agent-door.ts';
import { translator } from '../language.ts';
import { wrapped } from '../terminal.ts';
import { terminalQr } from '../terminal-qr.ts';
import { type Call, EXIT, textFlag, type Verb } from '../verb.ts';
import { commandWords } from '../words.ts';

const DAYS = 7;

export const invite: Verb = {
  name: 'invite',
  usage: '[--days N]',
  summary: {
    en: 'a link and QR code that lets one pupil’s device in',
    nl: 'een link en QR-code die één apparaat van een leerling binnenlaat',
    sv: 'en länk och QR-kod som släpper in en elevs enhet',
  },
  flags: { days: { type: 'string' } },
  async run(call) {
    const { terminal, language } = call;
    const say = translator(commandWords, language);
    const days = daysOf(call);
    if (days === undefined) {
      const given = textFlag(call, 'days') ?? '';
      terminal.complain(`deskmate: ${say('days', { most: MAX_INVITATION_DAYS, given })}`);
      return EXIT.usage;
    }
    return withAgent(call, async (agent) => {
      const { link, expires } = await agent.invite(days);
      const date = new Date(expires * 1_000).toLocaleDateString(language, { dateStyle: 'long' });
      if (terminal.output.isTTY) {
        for (const line of terminalQr(link, terminal.colour)) terminal.line(line);
        terminal.line();
        terminal.line(say('inviteScan'));
      }
      terminal.line();
      terminal.line(link);
      terminal.line();
      for (const line of wrapped(say('inviteUntil', { date }), terminal.columns))
        terminal.line(line);
    });
  },
};

/** Undefined for what is no number of days. */
function daysOf(call: Call): number | undefined {
  const days = Number(textFlag(call, 'days') ?? DAYS);
  return days > 0 && days <= MAX_INVITATION_DAYS ? days : undefined;
}
