import { MAX_INVITATION_DAYS } from '../../../agent/access/device-registry.ts';
import { withAgent } from '../command/agent-connection.ts';
import { day, translator } from '../command/language.ts';
import { terminalQr, wrapped } from '../command/terminal.ts';

import { type Call, EXIT, jsonFlag, textFlag, usageError, type Verb } from '../command/verb.ts';

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
      type: 'string',
      value: 'N',
      about: {
        en: `how long it is good for, 1 to ${MAX_INVITATION_DAYS} (else ${DAYS})`,
        nl: `hoe lang hij geldig is, 1 tot ${MAX_INVITATION_DAYS} (anders ${DAYS})`,
        sv: `hur länge den gäller, 1 till ${MAX_INVITATION_DAYS} (annars ${DAYS})`,
      },
    },
    json: jsonFlag,
  },
  async run(call) {
    const days = daysOf(call);
    const issued = await withAgent(call, (agent) => agent.invite(days));
    if (call.flags.json) {
      const { id, link, expires, clockKnown = true } = issued;
      const until = clockKnown ? { expiresAt: expires * 1_000 } : { expiresAt: null, days };
      call.terminal.line(JSON.stringify({ id, link, ...until }, null, 2));
    } else tell(call, issued, days);
    return EXIT.ok;
  },
};

interface Issued {
  readonly link: string;
  readonly expires: number;
  readonly clockKnown?: boolean;
}

function tell(
  { terminal, language }: Call,
  { link, expires, clockKnown = true }: Issued,
  days: number,
): void {
  const say = translator(commandWords, language);
  if (terminal.output.isTTY) {
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

function daysOf(call: Call): number {
  const given = textFlag(call, 'days') ?? String(DAYS);
  const days = /^\d{1,3}$/.test(given) ? Number(given) : 0;
  if (days > 0 && days <= MAX_INVITATION_DAYS) return days;
  const say = translator(commandWords, call.language);
  throw usageError(say('days', { most: MAX_INVITATION_DAYS, given }));
}
