import type { Signer } from '../wire/token.ts';
import { TrickleOut } from '../wire/trickle.ts';
import type { Binding } from './api.ts';
import type { Call } from './call.ts';
import type { ClientClock } from './client-clock.ts';
import {
  type OpenTransport,
  openSignalling,
  type SignallingConnection,
} from './signalling-connection.ts';
import type { Exchange, Offer, SignallingHandshake } from './signalling-handshake.ts';

export interface LessonSignallingParts {
  readonly clock: ClientClock;
  readonly openTransport: OpenTransport;
  readonly binding: Binding;
  readonly peer: string;
}

/**
 * The signalling connection of one stay in class, opened on demand, and the offer that was sent
 * last, with the candidates that follow it.
 */
export class LessonSignalling {
  /** One that was opened ahead; used for the first try. */
  preconnected: Promise<SignallingConnection> | undefined;
  private signalling: SignallingConnection | undefined;
  private closed = false;
  /** The challenge of the offer sent last: what a bye takes back. */
  private offered: string | undefined;
  /** Stops the exchange of candidates of the last offer. */
  endTrickle: () => void = () => {};

  constructor(
    private readonly parts: LessonSignallingParts,
    /** The robot asks for a new offer in place of the last one. */
    private readonly onRestart: () => void,
  ) {}

  async reach(): Promise<SignallingConnection> {
    if (this.signalling) return this.signalling;
    const { openTransport, clock, binding, peer } = this.parts;
    const fresh = (): Promise<SignallingConnection> =>
      openSignalling(openTransport, clock, binding, peer);
    const preconnected = this.preconnected;
    this.preconnected = undefined;
    const signalling = await (preconnected?.catch(fresh) ?? fresh());
    signalling.handshake.onRestart = (challenge) => {
      if (challenge === this.offered) this.onRestart();
    };
    if (this.closed) signalling.close();
    else this.signalling = signalling;
    return signalling;
  }

  /** Sends an offer of this call and receives the answer and candidates. */
  async exchange(
    call: Call,
    handshake: SignallingHandshake,
    signer: Signer,
    offer: Offer,
  ): Promise<string> {
    this.offered = offer.challenge;
    const exchange = await handshake.offer(signer, offer, (found) => call.addCandidates(found));
    this.endTrickle();
    // A robot of version 0.1.0 takes a candidate for a message that is malformed.
    if (offer.trickle) this.trickle(call, exchange);
    else this.endTrickle = () => exchange.end();
    return exchange.answer();
  }

  /** Withdraws the last offer. */
  async bye(signer: Promise<Signer>): Promise<void> {
    const { signalling, offered } = this;
    if (!signalling || offered === undefined) return;
    await signalling.handshake.bye(await signer, offered).catch(() => undefined);
  }

  /** Closes the connection; the next use opens another. */
  drop(): void {
    this.signalling?.close();
    this.signalling = undefined;
  }

  /** For good: one that is still being opened is closed as soon as it is there. */
  close(): void {
    this.closed = true;
    this.drop();
  }

  /** What either side finds from now on goes to the other, for as long as the call is this one. */
  private trickle(call: Call, exchange: Exchange): void {
    const out = new TrickleOut(this.parts.clock, (batch) => exchange.send(batch));
    call.tellCandidates((candidate) => out.found(candidate));
    out.open();
    this.endTrickle = () => {
      exchange.end();
      out.close();
    };
  }
}
