import { z } from 'zod';
import { numberFlag } from '../../command/flag.ts';
import { translator } from '../../command/language.ts';
import type { Call } from '../../command/verb.ts';
import { INVITATION_DAYS, invitationDaysFlag } from '../../fleet/fleet-flags.ts';
import type { OrderResult } from '../../fleet/order-run.ts';
import { orderVerb } from '../../fleet/order-verb.ts';

const Invitation = z.looseObject({ link: z.string(), expires: z.number() });

export const assign = orderVerb({
  name: 'assign',
  summary: {
    en: 'hand-over: wipes a robot and invites the next pupil',
    nl: 'overdracht: wist een robot, nodigt de volgende uit',
    sv: 'överlämning: rensar en robot och bjuder in nästa elev',
  },
  flags: {
    days: invitationDaysFlag,
    again: {
      type: 'boolean',
      about: {
        en: 'only a new invitation, for the same pupil; nothing is wiped',
        nl: 'alleen een nieuwe uitnodiging, voor dezelfde leerling',
        sv: 'bara en ny inbjudan, för samma elev; inget rensas',
      },
    },
  },
  ask: {
    en: 'Wipe all traces of the last pupil, and invite the next',
    nl: 'Alle sporen van de vorige leerling wissen en de volgende uitnodigen',
    sv: 'Rensa alla spår av förra eleven och bjuda in nästa',
  },
  examples: [
    {
      args: ['assign', 'robot-1', '--days', '3'],
      about: {
        en: 'a link for the next pupil’s tablet',
        nl: 'een link voor de tablet van de volgende leerling',
        sv: 'en länk för nästa elevs surfplatta',
      },
    },
  ],
  prepare: async (call) => {
    const { replyBox } = await import('../../../../agent/fleet-client/person.ts');
    const days = numberFlag(call, 'days') ?? INVITATION_DAYS;
    const kind = call.flags.again ? 'invite' : 'assign';
    return async () => {
      const { replyKey, open } = await replyBox();
      return { action: { kind, days, replyKey }, open };
    };
  },
  tell: tellInvitations,
});

function invitationIn({ answer }: OrderResult) {
  try {
    return Invitation.safeParse(JSON.parse(answer ?? '')).data;
  } catch {
    return undefined;
  }
}

async function tellInvitations(call: Call, results: readonly OrderResult[]): Promise<void> {
  const { terminal, flags, language } = call;
  const [{ tellResults }, { serverWords }, { terminalQr }] = await Promise.all([
    import('../../fleet/order-run.ts'),
    import('../../fleet/server-words.ts'),
    import('../../command/terminal-qr.ts'),
  ]);
  const say = translator(serverWords, language);
  tellResults(call, results, (result) => {
    const invitation = invitationIn(result);
    return invitation ? { link: invitation.link, expiresAt: invitation.expires * 1_000 } : {};
  });
  if (flags.json) return;
  for (const result of results) {
    const invitation = invitationIn(result);
    if (!invitation) continue;
    terminal.line();
    if (terminal.output.isTTY)
      for (const line of terminalQr(invitation.link, terminal.colour)) terminal.line(line);
    terminal.line(say('scan', { robot: result.robot }));
    terminal.line(invitation.link);
  }
  if (results.some(({ outcome }) => outcome === 'waiting')) terminal.line(say('waitsLink'));
}
