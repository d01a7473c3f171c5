/** The invitation that the home page shows: one that nobody has used, with its QR code. */
import encodeQr from 'qr';
import { parseInvitation } from '../../agent/wire/invitation.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { ApiAnswer } from '../console/server/web-server.ts';

export interface ShownInvitation {
  readonly link: string;
  readonly qrSvg: string;
  /** Seconds since 1970. */
  readonly expires: number;
}

/** How long a new one is good. */
const DAYS = 7;

/** What the agent's admin socket offers of invitations. */
export interface Inviter {
  /** Makes an invitation; resolves with its link. */
  invite(days: number): Promise<string>;
  /** Whether this one could still be used. */
  isOpen(secret: string): Promise<boolean>;
}

export class InvitationDesk {
  private last: ShownInvitation | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly inviter: Inviter,
  ) {}

  async current(): Promise<ShownInvitation> {
    if (this.last && (await this.isOpen(this.last))) return this.last;
    return this.renew();
  }

  async renew(): Promise<ShownInvitation> {
    const link = await this.inviter.invite(DAYS);
    const parsed = parseInvitation(new URL(link).hash);
    if (!parsed.ok)
      throw new Error(`the agent made an invitation that cannot be read: ${parsed.why}`);
    const qrSvg = encodeQr(link, 'svg', { ecc: 'medium', border: 2 });
    this.last = { link, qrSvg, expires: parsed.invitation.expires };
    return this.last;
  }

  /** For the API: 503 while the agent is away. */
  async answer(which: 'current' | 'new'): Promise<ApiAnswer> {
    try {
      return { status: 200, body: await (which === 'new' ? this.renew() : this.current()) };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { status: 503, body: { error: 'agentAway', why } };
    }
  }

  private async isOpen({ link, expires }: ShownInvitation): Promise<boolean> {
    if (expires * 1000 <= this.clock.wall()) return false;
    const parsed = parseInvitation(new URL(link).hash);
    return parsed.ok && this.inviter.isOpen(parsed.invitation.secret);
  }
}
