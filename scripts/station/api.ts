import type { InvitationDesk } from '../../agent/host/invitations.ts';
import type { WebServerParts } from '../../agent/web/web-server.ts';
import type { StationDesk } from './desk.ts';
import type { PauseDesk } from './pause-desk.ts';

export interface ApiParts {
  readonly desk: Pick<StationDesk, 'status'>;
  readonly invitations: Pick<InvitationDesk, 'answer'>;
  /** Undefined: the board has a teacher's button of its own. */
  readonly pause: Pick<PauseDesk, 'answer'> | undefined;
}

/** What the page of the person beside the station may ask: of this computer only (compose.ts). */
export function stationApi({ desk, invitations, pause }: ApiParts): WebServerParts['api'] {
  return {
    'GET /api/status': async () => ({ status: 200, body: await desk.status() }),
    'GET /api/invitation': () => invitations.answer('current'),
    'POST /api/invitation': () => invitations.answer('new'),
    ...(pause && {
      'POST /api/pause': () => pause.answer(true),
      'POST /api/go-on': () => pause.answer(false),
    }),
  };
}
