import { admit } from '../admission/admit.ts';
import type { Facts } from '../admission/facts.ts';
import { judges } from '../time/moment.ts';
import type { TimeOfDay } from '../time/time-service.ts';
import type { InvitationClocks } from './invitation-clocks.ts';
import type { InvitationRecord, Judge, Records } from './records.ts';

interface Dates {
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** Validity of invitations, with and without known time of day. */
export class InvitationTerms {
  /** Ids whose clocks run while their records are being written. */
  private readonly issuing = new Set<string>();

  constructor(
    private readonly time: TimeOfDay,
    private readonly clocks: InvitationClocks,
    private readonly records: () => Records,
  ) {}

  /**
   * Passes the dates of a new invitation to `write` and returns its result. While the time of day
   * is unknown, the dates show it as expired and a running clock keeps it valid.
   */
  async issue<T>(
    id: string,
    lifeMs: number,
    write: (dates: Dates, expires: number, clockKnown: boolean) => Promise<T>,
  ): Promise<T> {
    const { boot, monotonicMs, wallMs, trust } = this.time.now();
    const expires = Math.floor((wallMs + lifeMs) / 1_000);
    if (judges(trust))
      return write({ issuedAt: wallMs, expiresAt: expires * 1_000 }, expires, true);
    this.issuing.add(id);
    try {
      await this.clocks.start(id, { boot, issuedMs: monotonicMs, lifeMs });
      return await write({ issuedAt: wallMs, expiresAt: wallMs }, expires, false);
    } finally {
      this.issuing.delete(id);
      await this.stopIdle();
    }
  }

  readonly judge: Judge = (invitation, registry) => {
    const clock = this.time.now().trust;
    return admit('bind', { invitation: this.termOf(invitation), clock, registry: registry });
  };

  /** By the monotonic clock within one boot; otherwise by the time of day, if known. */
  private termOf(invitation: InvitationRecord | undefined): Facts['invitation'] {
    if (!invitation) return 'unknown';
    if (invitation.usedAt !== null) return 'used';
    const { boot, monotonicMs, wallMs, trust } = this.time.now();
    const clock = this.clocks.of(invitation.id);
    if (clock && isUndated(invitation)) {
      const runs = clock.boot === boot && monotonicMs - clock.issuedMs < clock.lifeMs;
      return runs ? 'running' : 'over';
    }
    const certain = Math.max(this.time.floorMs, this.records().latestKnownMs);
    return invitation.expiresAt > (judges(trust) ? wallMs : certain) ? 'dated' : 'over';
  }

  /** For display: the dates if the guessed present time were right. */
  shown(invitation: InvitationRecord): Dates & { readonly undated: boolean } {
    const { id, issuedAt, expiresAt } = invitation;
    const clock = isUndated(invitation) ? this.clocks.of(id) : undefined;
    if (!clock) return { issuedAt, expiresAt, undated: false };
    return { issuedAt, expiresAt: issuedAt + clock.lifeMs, undated: true };
  }

  /** Dates of invitations that have none on disk and can now be dated. */
  known(): Map<string, Dates> {
    const dates = new Map<string, Dates>();
    for (const one of this.records().invitations) {
      const clock = isUndated(one) ? this.clocks.of(one.id) : undefined;
      if (!clock) continue;
      const { boot, issuedMs: monotonicMs, lifeMs } = clock;
      const guess = { boot, monotonicMs, trust: 'none', source: 'system' } as const;
      const { wallMs, stamp } = this.time.correct(one.issuedAt, guess);
      if (judges(stamp.trust)) dates.set(one.id, { issuedAt: wallMs, expiresAt: wallMs + lifeMs });
    }
    return dates;
  }

  /** Stops the clocks of invitations that were removed, used, dated, or issued in another boot. */
  stopIdle(): Promise<void> {
    const { boot } = this.time.now();
    const dates = this.known();
    const waiting = new Map(this.records().invitations.map((one) => [one.id, one]));
    const idle = this.clocks.ids.filter((id) => {
      if (this.issuing.has(id)) return false;
      const one = waiting.get(id);
      if (!one || one.usedAt !== null || !isUndated(one)) return true;
      return this.clocks.of(id)?.boot !== boot && !dates.has(id);
    });
    return this.clocks.stop(idle);
  }
}

const isUndated = ({ issuedAt, expiresAt }: InvitationRecord): boolean => expiresAt <= issuedAt;
