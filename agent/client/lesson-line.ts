import type { Signer } from '../wire/token.ts';
import { TrickleOut } from '../wire/trickle.ts';
import type { Binding } from './api.ts';
import type { Call } from './call.ts';
import type { ClientClock } from './client-clock.ts';
import type { Exchange, Knock, Offer } from './knock.ts';
import { type Line, type OpenTransport, openLine } from './line.ts';

export interface LessonLineParts {
  readonly clock: ClientClock;
  readonly openTransport: OpenTransport;
  readonly binding: Binding;
  readonly peer: string;
}

/**
 * The line to the broker of one stay in class, opened when it is needed, and the offer that was said
 * last, with the candidates that follow it.
 */
export class LessonLine {
  /** One that was opened ahead; used for the first try. */
  warm: Promise<Line> | undefined;
  private line: Line | undefined;
  private closed = false;
  /** The challenge of the offer sent last: what a bye takes back. */
  private offered: string | undefined;
  /** No candidates of the offer sent last go either way any more. */
  endTrickle: () => void = () => {};

  constructor(
    private readonly parts: LessonLineParts,
    /** The robot asks for another offer in the place of the last one. */
    private readonly onRestart: () => void,
  ) {}

  async reach(): Promise<Line> {
    if (this.line) return this.line;
    const { openTransport, clock, binding, peer } = this.parts;
    const fresh = (): Promise<Line> => openLine(openTransport, clock, binding, peer);
    const warm = this.warm;
    this.warm = undefined;
    const line = await (warm?.catch(fresh) ?? fresh());
    line.knock.onRestart = (challenge) => {
      if (challenge === this.offered) this.onRestart();
    };
    if (this.closed) line.close();
    else this.line = line;
    return line;
  }

  /** Sends an offer of this call and hears of the answer and of candidates. */
  async exchange(call: Call, knock: Knock, signer: Signer, offer: Offer): Promise<string> {
    this.offered = offer.challenge;
    const exchange = await knock.offer(signer, offer, (found) => call.addCandidates(found));
    this.endTrickle();
    // A robot of version 0.1.0 takes a candidate for a message that is malformed.
    if (offer.trickle) this.trickle(call, exchange);
    else this.endTrickle = () => exchange.end();
    return exchange.answer();
  }

  /** Takes the offer sent last back. */
  async bye(signer: Promise<Signer>): Promise<void> {
    const { line, offered } = this;
    if (!line || offered === undefined) return;
    await line.knock.bye(await signer, offered).catch(() => undefined);
  }

  /** The next one is another. */
  drop(): void {
    this.line?.close();
    this.line = undefined;
  }

  /** For good: one that is still being opened is closed as soon as it is there. */
  close(): void {
    this.closed = true;
    this.drop();
  }

  /** What either side finds from now on goes to the other, for as long as the call is this one. */
  private trickle(call: Call, exchange: Exchange): void {
    const out = new TrickleOut(this.parts.clock, (batch) => exchange.say(batch));
    call.tellCandidates((candidate) => out.found(candidate));
    out.open();
    this.endTrickle = () => {
      exchange.end();
      out.close();
    };
  }
}
