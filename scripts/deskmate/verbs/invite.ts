import { MAX_INVITATION_DAYS } from '../../../agent/wire/invitation-days.ts';
import { withAgent } from '../command/agent-connection.ts';
import { jsonFlag, numberFlag } from '../command/flag.ts';
import { day, translator } from '../command/language.ts';
import { wrapped } from '../command/terminal.ts';
import { type Call, EXIT, type Verb } from '../command/verb.ts';
import { commandWords } from '../command/words.ts';

const DAYS = 7;

export const invite: Verb = {
  name: 'invite',
  summary: {
    en: 'a link and QR code that lets one pupil’s device in',
    nl: 'een link en QR-code die één apparaat van een leerling binnenlaat',
    sv: 'en länk och QR-kod som släpper in en elevs enhet',
  },
  flags: {
    days: {
      ...{ type: 'number', value: 'N', min: 1, max: MAX_INVITATION_DAYS, whole: true },
      counted: { en: 'days', nl: 'dagen', sv: 'dagar' },
      about: {
        en: `how long it is good for, 1 to ${MAX_INVITATION_DAYS} (else ${DAYS})`,
        nl: `hoe lang hij geldig is, 1 tot ${MAX_INVITATION_DAYS} (anders ${DAYS})`,
        sv: `hur länge den gäller, 1 till ${MAX_INVITATION_DAYS} (annars ${DAYS})`,
      },
    },
    json: jsonFlag,
  },
  examples: [
    {
      args: ['invite', '--days', '3'],
      about: {
        en: 'a link that is good for three days',
        nl: 'een link die drie dagen geldig is',
        sv: 'en länk som gäller i tre dagar',
      },
    },
  ],
  async run(call) {
    const days = numberFlag(call, 'days') ?? DAYS;
    const issued = await withAgent(call, (agent) => agent.invite(days));
    if (call.flags.json) {
      const { id, link, expires, clockKnown = true } = issued;
      const until = clockKnown ? { expiresAt: expires * 1_000 } : { expiresAt: null, days };
      call.terminal.line(JSON.stringify({ id, link, ...until }, null, 2));
    } else await tell(call, issued, days);
    return EXIT.ok;
  },
};

interface Issued {
  readonly link: string;
  readonly expires: number;
  readonly clockKnown?: boolean;
}

async function tell(
  { terminal, language }: Call,
  { link, expires, clockKnown = true }: Issued,
  days: number,
): Promise<void> {
  const say = translator(commandWords, language);
  if (terminal.output.isTTY) {
    const { terminalQr } = await import('../command/terminal-qr.ts');
    for (const line of terminalQr(link, terminal.colour)) terminal.line(line);
    terminal.line();
    terminal.line(say('inviteScan'));
  }
  terminal.line();
  terminal.line(link);
  terminal.line();
  const date = day(expires * 1_000, language);
  const until = clockKnown ? say('inviteUntil', { date }) : say('inviteUndated', { days });
  for (const line of wrapped(until, terminal.columns)) terminal.line(line);
}
