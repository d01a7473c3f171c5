import { SerialQueue } from '../../hal/common/asynchrony.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { BodyLink } from '../body/body-link.ts';
import type { AddCandidates, Admission, OfferManner, Visitor } from '../model/offer.ts';
import type { UsageLog } from '../usage/usage-log.ts';
import type { AccessRefusal } from '../wire/signalling.ts';
import type { Connection } from './connection.ts';

export interface ReceptionParts {
  readonly log: Log;
  readonly body: BodyLink;
  readonly usage: UsageLog;
}

/** Whose door it is. */
export interface Host {
  /** Is the robot free for this device? */
  admits(device: string): boolean;
  /** A connection that nobody owns yet. */
  connect(): Connection;
  /** The connection that this very visitor has, if there is one. */
  connectionOf(visitor: Visitor): Connection | undefined;
  /** The visitor's offer has been answered, and nothing speaks against the visitor. */
  welcome(visitor: Visitor, connection: Connection): void;
}

/** Answers offers one by one: two devices cannot both find the robot free. */
export class Reception {
  private readonly offers = new SerialQueue();
  private closed = false;

  constructor(
    private readonly parts: ReceptionParts,
    private readonly host: Host,
  ) {}

  /** Resolves when an admitted visitor's record is on disk. */
  receive(from: Visitor, sdp: string, manner: OfferManner = {}): Promise<Admission> {
    return this.offers.run(() =>
      manner.restart ? this.restart(from, sdp, manner) : this.admit(from, sdp, manner),
    );
  }

  /** Nobody comes in any more, not even whose offer is being answered. */
  close(): void {
    this.closed = true;
  }

  /**
   * New ways for the connection that there is: nothing of the session changes. Who has none here, as
   * the robot was started anew for instance, has to come in by an offer of another kind.
   */
  private async restart(
    from: Visitor,
    sdp: string,
    { onCandidate }: OfferManner,
  ): Promise<Admission> {
    const connection = this.host.connectionOf(from);
    if (this.closed || !connection) return { ok: false, reason: 'staleChallenge' };
    try {
      return admitted(await connection.restart(sdp, onCandidate), connection, onCandidate);
    } catch (error) {
      this.parts.log.warn({ error: String(error) }, 'connection could not be restarted');
      return { ok: false, reason: 'malformed' };
    }
  }

  private async admit(
    from: Visitor,
    sdp: string,
    { onCandidate }: OfferManner,
  ): Promise<Admission> {
    const refusal = this.refusalOf(from);
    if (refusal) return { ok: false, reason: refusal };
    let connection: Connection;
    try {
      connection = this.host.connect();
    } catch (error) {
      this.parts.log.error({ error: String(error) }, 'no connection can be opened');
      return { ok: false, reason: 'notAvailable' };
    }
    let answer: string;
    try {
      answer = await connection.answer(sdp, onCandidate);
    } catch (error) {
      this.parts.log.warn({ error: String(error) }, 'offer could not be answered');
      return { ok: false, reason: 'malformed' };
    }
    // The world went on while the answer was made: the robot may be stopping now.
    const late = this.refusalOf(from);
    if (late) {
      connection.close();
      return { ok: false, reason: late };
    }
    this.host.welcome({ peer: from.peer, device: from.device }, connection);
    await this.parts.usage.settled();
    return admitted(answer, connection, onCandidate);
  }

  private refusalOf(from: Visitor): AccessRefusal | undefined {
    const body = this.parts.body.body;
    const spent = body?.battery.level === 'empty' || body?.heat.level === 'critical';
    if (this.closed || spent) return 'notAvailable';
    return this.host.admits(from.device) ? undefined : 'inUse';
  }
}

function admitted(
  sdp: string,
  connection: Connection,
  onCandidate: OfferManner['onCandidate'],
): Admission {
  if (!onCandidate) return { ok: true, sdp };
  const addCandidates: AddCandidates = (candidates) => connection.addCandidates(candidates);
  return { ok: true, sdp, addCandidates };
}
