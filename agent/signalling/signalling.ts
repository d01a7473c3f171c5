import { within } from '../../hal/common/asynchrony.ts';
import { jsonOf } from '../../hal/common/json.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Access, AdmittedOffer } from '../access/access.ts';
import type { Verdict } from '../access/verify.ts';
import type { Broker } from '../broker/broker.ts';
import type { OfferReceiver, OfferReply, Visitor } from '../model/offer.ts';
import type { RefusalCounters } from '../model/refusal-counters.ts';
import { MAX_SIGNAL_BYTES } from '../wire/limits.ts';
import type { NextLesson } from '../wire/next-lesson.ts';
import { type AccessRefusal, type SignalDown, SignalUp } from '../wire/signalling.ts';
import { hashToken } from '../wire/token.ts';
import { peerOf, topics } from '../wire/topics.ts';
import { type Batch, type Candidate, TrickleOut } from '../wire/trickle.ts';
import { Exchanges } from './exchanges.ts';
import { RateLimits } from './rate-limits.ts';

/** The session normally answers within a second. */
const SESSION_ANSWER_MS = 10_000;

interface SignallingParts {
  readonly broker: Broker;
  readonly access: Access;
  readonly session: OfferReceiver;
  readonly clock: Clock;
  readonly robot: string;
  readonly refusals: RefusalCounters;
  readonly log: Log;
}

interface Refusal {
  readonly reason: AccessRefusal;
  /** What the peer is told, where it does not know the reason. */
  readonly told?: AccessRefusal;
  readonly nextLesson?: NextLesson;
}

/** Result of a message: a reply, no reply, or a refusal. */
type Outcome =
  | Extract<Verdict<SignalDown | undefined>, { ok: true }>
  | ({ readonly ok: false } & Refusal);
const noReply: Outcome = { ok: true, value: undefined };

/**
 * The robot's end of signalling over the broker: validate, authorise, act. Any message may at most
 * be refused; none can cause an exception, an endless wait, or unbounded memory.
 */
export class Signalling {
  private readonly rateLimits: RateLimits;
  private readonly exchanges = new Exchanges();
  private stopped = false;

  constructor(private readonly parts: SignallingParts) {
    this.rateLimits = new RateLimits(parts.clock);
  }

  start(): Promise<void> {
    return this.parts.broker.subscribe(topics.allPeers(this.parts.robot), (topic, payload) => {
      if (!this.stopped) this.receive(topic, payload);
    });
  }

  /** Ignores all further messages; work in progress finishes without a reply. */
  stop(): void {
    this.stopped = true;
    this.exchanges.endAll();
  }

  /** Asks a pupil's device for another offer. No effect while it is away. */
  askRestart(pupil: Visitor): void {
    const ask = async (): Promise<void> => {
      const message = await this.parts.access.restart(pupil);
      if (message) await this.send(pupil.peer, message);
    };
    this.inBackground(ask());
  }

  private receive(topic: string, payload: Uint8Array): void {
    const peer = peerOf(this.parts.robot, topic);
    if (peer === undefined) {
      this.count('malformed');
      return;
    }
    const message = this.rateLimits.reads(peer) ? parse(payload) : 'tooMany';
    if (typeof message === 'string') {
      this.inBackground(this.refuse(peer, null, { reason: message }));
      return;
    }
    // Late candidates of a finished call are normal, not an error.
    if (message.kind === 'candidates' && !this.exchanges.expects(peer)) return;
    const slots = this.rateLimits.slotsFor(peer, message.kind);
    if (!this.rateLimits.admits(peer, message.kind) || !slots.start(peer))
      this.inBackground(this.refuse(peer, message, { reason: 'tooMany' }));
    else this.inBackground(this.handle(peer, message).finally(() => slots.end(peer)));
  }

  private inBackground(work: Promise<void>): void {
    work.catch((error: unknown) =>
      this.parts.log.error({ error: String(error) }, 'signalling failed'),
    );
  }

  private async handle(peer: string, message: SignalUp): Promise<void> {
    const outcome = await this.act(peer, message).catch((error: unknown): Outcome => {
      this.parts.log.error({ kind: message.kind, error: String(error) }, 'signalling failed');
      return { ok: false, reason: 'notAvailable' };
    });
    if (!outcome.ok) return this.refuse(peer, message, outcome);
    if (outcome.value !== undefined) await this.send(peer, outcome.value);
  }

  private act(peer: string, message: SignalUp): Promise<Outcome> {
    const { access } = this.parts;
    switch (message.kind) {
      case 'hello':
        return access.challenge(peer, message);
      case 'bind':
        return access.bind(peer, message.token);
      case 'offer':
        return this.exchanges.during(peer, () => this.offer(peer, message.token));
      case 'candidates':
        return this.candidates(peer, message.token);
      case 'bye':
        return this.bye(peer, message.token);
    }
  }

  private async offer(peer: string, token: string): Promise<Outcome> {
    const { access, session } = this.parts;
    const verdict = await access.admit(peer, token);
    if (!verdict.ok) return verdict;
    const offer = verdict.value;
    this.rateLimits.markBound(peer);
    const outgoing = new TrickleOut(this.parts.clock, (batch) => this.sendCandidates(offer, batch));
    const reply = await this.askSession(offer, outgoing);
    if (!reply.ok) return offer.lessons ? reply : plainly(reply);
    const reason = access.whyVoid(offer);
    if (reason !== undefined) {
      session.bye(offer.visitor);
      return { ok: false, reason };
    }
    if (reply.addCandidates) this.exchanges.begin(offer, reply.addCandidates, outgoing);
    await this.send(peer, await access.answer(offer, reply.sdp));
    outgoing.open();
    return noReply;
  }

  /** The offer may still be in progress. */
  private async candidates(peer: string, token: string): Promise<Outcome> {
    await this.exchanges.settled(peer);
    const verdict = await this.parts.access.candidates(peer, token);
    if (!verdict.ok) return verdict;
    this.exchanges.take(verdict.value);
    return noReply;
  }

  private async sendCandidates(offer: AdmittedOffer, batch: Batch): Promise<void> {
    const { access } = this.parts;
    if (this.stopped || access.whyVoid(offer) !== undefined) return;
    await this.send(offer.visitor.peer, await access.candidatesOf(offer, batch));
  }

  private async bye(peer: string, token: string): Promise<Outcome> {
    const verdict = await this.parts.access.bye(peer, token);
    if (!verdict.ok) return verdict;
    this.exchanges.end(verdict.value.device);
    this.parts.session.bye(verdict.value);
    return noReply;
  }

  private askSession(
    { visitor, sdp, trickle, restart, lessons }: AdmittedOffer,
    outgoing: TrickleOut,
  ): Promise<OfferReply> {
    const { clock, session } = this.parts;
    const onCandidate = (candidate: Candidate | undefined): void => outgoing.found(candidate);
    const options = {
      ...{ restart, ...(lessons && { lessons }) },
      ...(trickle ? { onCandidate } : {}),
    };
    const late = (): OfferReply => ({ ok: false, reason: 'notAvailable' });
    return within(clock, SESSION_ANSWER_MS, session.offer(visitor, sdp, options), late);
  }

  /**
   * Always counted; logged (without content) and sent to the peer only within the rate limit of
   * refusals, so that a flood fills neither log nor processor.
   */
  private async refuse(
    peer: string,
    message: SignalUp | null,
    { reason, told = reason, nextLesson }: Refusal,
  ): Promise<void> {
    this.count(reason);
    // Refused candidates get no reply: the connection may work without them.
    if (message?.kind === 'candidates' || !this.rateLimits.answersRefusal(peer)) return;
    this.parts.log.info({ peer, kind: message?.kind ?? 'unread', reason }, 'signal refused');
    const inReplyTo = await nameOf(message);
    await this.send(peer, await this.parts.access.refusal(peer, inReplyTo, told, nextLesson));
  }

  private async send(peer: string, message: SignalDown): Promise<void> {
    if (this.stopped) return;
    const { broker, robot, log } = this.parts;
    try {
      await broker.publish(topics.toPeer(robot, peer), JSON.stringify(message));
    } catch (error) {
      log.warn({ peer, kind: message.kind, error: String(error) }, 'signal not sent');
    }
  }

  private count(reason: AccessRefusal): void {
    this.parts.refusals.count('broker', reason);
  }
}

/** For a page without the feature `lessons`; version 0.1.0 refuses reasons that it does not know. */
function plainly({ reason }: Refusal): Outcome {
  return { ok: false, reason, ...(reason === 'notInLesson' && { told: 'notAvailable' }) };
}

/** The size is checked before parsing. */
function parse(payload: Uint8Array): SignalUp | 'tooLong' | 'malformed' {
  if (payload.byteLength > MAX_SIGNAL_BYTES) return 'tooLong';
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(payload);
    return SignalUp.safeParse(jsonOf(text)).data ?? 'malformed';
  } catch {
    return 'malformed';
  }
}

async function nameOf(message: SignalUp | null): Promise<string | null> {
  if (message === null) return null;
  return message.kind === 'hello' ? message.nonce : hashToken(message.token);
}
