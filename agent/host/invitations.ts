/** The invitation that the home page shows: one that nobody has used, with its QR code. */

import { readFile, writeFile } from 'node:fs/promises';
import encodeQr from 'qr';
import { z } from 'zod';
import type { AdminClient, AgentStatus } from '../../agent/access/admin-client.ts';
import { messageOf } from '../../hal/common/errors.ts';
import type { ApiAnswer } from '../web/web-server.ts';

/** How long a new one is good. */
const DAYS = 7;

const Kept = z.looseObject({ id: z.string(), link: z.string(), expires: z.number() });
type Kept = z.infer<typeof Kept>;

interface ShownInvitation {
  readonly link: string;
  /** For the camera of another device; null for a link that works on this computer only. */
  readonly qrSvg: string | null;
  /** Seconds since 1970. */
  readonly expires: number;
}

/** The part of the AdminClient that is used here. */
interface InvitationsAdmin extends Pick<AdminClient, 'invite'> {
  status(): Promise<Pick<AgentStatus, 'invitations'>>;
}

/**
 * Remembers the last link over restarts, as the agent shows a secret only once: the same link stays
 * good until somebody used it.
 */
export class InvitationDesk {
  constructor(
    private readonly admin: InvitationsAdmin,
    /** Holds a secret: readable by us only. */
    private readonly file: string,
    /** Links must lead to this page, not to that of an earlier start on another port. */
    private readonly page: () => string,
  ) {}

  async current(): Promise<ShownInvitation> {
    const kept = await this.kept();
    if (kept?.link.startsWith(`${this.page()}#`) && (await this.isOpen(kept.id)))
      return shown(kept);
    return this.renew();
  }

  async renew(): Promise<ShownInvitation> {
    const { id, link, expires } = await this.admin.invite(DAYS);
    await writeFile(this.file, JSON.stringify({ id, link, expires }), { mode: 0o600 });
    return shown({ id, link, expires });
  }

  /** For the API: 503 while the agent is away. */
  async answer(which: 'current' | 'new'): Promise<ApiAnswer> {
    try {
      return { status: 200, body: await (which === 'new' ? this.renew() : this.current()) };
    } catch (error) {
      const why = messageOf(error);
      return { status: 503, body: { error: 'agentAway', why } };
    }
  }

  private async isOpen(id: string): Promise<boolean> {
    const { invitations } = await this.admin.status();
    return invitations.some((one) => one.id === id && one.state === 'open');
  }

  private async kept(): Promise<Kept | undefined> {
    try {
      return Kept.safeParse(JSON.parse(await readFile(this.file, 'utf8'))).data;
    } catch {
      return undefined;
    }
  }
}

function shown({ link, expires }: Kept): ShownInvitation {
  const qrSvg = onlyHere(link) ? null : encodeQr(link, 'svg', { ecc: 'medium', border: 2 });
  return { link, expires, qrSvg };
}

/** 127.0.0.0/8, ::1 (RFC 6890) and their name (RFC 6761): on each device that device itself. */
export function onlyHere(link: string): boolean {
  const { hostname } = new URL(link);
  return /^(127\.|\[::1\]$|(.*\.)?localhost$)/.test(hostname);
}
