import type { Clock, Timer } from '../../hal/ports/clock.ts';
import { type Candidate, MAX_BATCH, MAX_BATCHES } from '../wire/trickle.ts';
import { beyondAgreement } from './agreed-media.ts';
import {
  type OnCandidate,
  type Peer,
  type PeerEvents,
  type PeerStats,
  type Sent,
  unknownStats,
} from './peer.ts';
import type { Ice, ToAgent, ToMedia } from './schema.ts';

/** Time limit of a reply; a session waits no longer for an answer. */
const REPLY_MS = 5_000;
/** More candidates are not sent on by signalling either. */
const MAX_CANDIDATES = MAX_BATCH * MAX_BATCHES;

interface RemotePeerParts {
  readonly id: number;
  readonly clock: Clock;
  readonly events: PeerEvents;
  /** Asked at each offer: credentials expire. */
  readonly ice: () => Ice;
  readonly send: (message: ToMedia) => void;
  /** It is closed, and may not be open any longer. */
  readonly onClosed: () => void;
}

type OfPeer = Exclude<ToAgent, { kind: 'status' | 'heard' | 'cameraDelay' | 'code' }>;

interface Waiting {
  readonly timer: Timer;
  reply(message: OfPeer | undefined): void;
}

/**
 * One connection of the media process as the agent has it. Replies count only for what was asked,
 * once, and an answer only when it agrees to no more than the agent does. Frames and sound do not
 * come here.
 */
export class RemotePeer implements Peer {
  private readonly waiting = new Map<number, Waiting>();
  private calls = 0;
  private gathering = { call: 0, found: 0, take: (() => {}) as OnCandidate };
  private connected = false;
  private closed = false;

  constructor(private readonly parts: RemotePeerParts) {}

  get id(): number {
    return this.parts.id;
  }

  async answer(offerSdp: string, onCandidate?: OnCandidate): Promise<string> {
    if (this.closed) throw new Error('media: the connection is closed');
    const { id: peer, ice, send } = this.parts;
    const { call, reply } = this.ask();
    if (onCandidate) this.gathering = { call, found: 0, take: onCandidate };
    const trickle = onCandidate !== undefined;
    send({ kind: 'offer', peer, call, sdp: offerSdp, trickle, ice: ice() });
    const answer = await reply;
    if (answer?.kind === 'failed') throw new Error(answer.why);
    if (answer?.kind !== 'answer') throw new Error('media: no answer');
    const beyond = beyondAgreement(answer.sdp);
    if (beyond !== undefined) throw new Error(`answer: ${beyond}`);
    return answer.sdp;
  }

  addCandidates(candidates: readonly Candidate[]): void {
    if (this.closed) return;
    const { id: peer, send } = this.parts;
    for (let at = 0; at < candidates.length; at += MAX_BATCH)
      send({ kind: 'candidates', peer, candidates: candidates.slice(at, at + MAX_BATCH) });
  }

  send(text: string): Sent {
    if (!this.connected) return 'notOpen';
    this.parts.send({ kind: 'say', peer: this.id, text });
    return 'sent';
  }

  async stats(): Promise<PeerStats> {
    if (this.closed) return unknownStats;
    const { call, reply } = this.ask();
    this.parts.send({ kind: 'measure', peer: this.id, call });
    const measured = await reply;
    if (measured?.kind !== 'measured') return unknownStats;
    const { roundTripMs, lossRatio, encodeMs } = measured;
    return {
      roundTripMs: roundTripMs ?? undefined,
      lossRatio: lossRatio ?? undefined,
      encodeMs: encodeMs ?? undefined,
    };
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.connected = false;
    for (const { reply } of [...this.waiting.values()]) reply(undefined);
    this.parts.onClosed();
    this.parts.events.onState('closed');
  }

  /** A message of the media process about this connection. */
  take(message: OfPeer): void {
    const { events } = this.parts;
    switch (message.kind) {
      case 'state':
        if (message.state === 'closed') this.close();
        else {
          this.connected = message.state === 'connected';
          events.onState(message.state);
        }
        break;
      case 'message': {
        const text = message.text ?? undefined;
        const bytes = text === undefined ? message.bytes : Buffer.byteLength(text, 'utf8');
        events.onMessage(message.channel, text, bytes);
        break;
      }
      case 'candidate':
        this.found(message.call, message.candidate ?? undefined);
        break;
      default:
        this.waiting.get(message.call)?.reply(message);
    }
  }

  private found(call: number, candidate: Candidate | undefined): void {
    const { gathering } = this;
    if (call !== gathering.call || gathering.found >= MAX_CANDIDATES) return;
    gathering.found += 1;
    gathering.take(candidate);
  }

  /** `reply` resolves with undefined when there is none. */
  private ask(): { call: number; reply: Promise<OfPeer | undefined> } {
    this.calls += 1;
    const call = this.calls;
    const reply = new Promise<OfPeer | undefined>((resolve) => {
      const end = (message: OfPeer | undefined): void => {
        this.waiting.get(call)?.timer.cancel();
        this.waiting.delete(call);
        resolve(message);
      };
      const timer = this.parts.clock.after(REPLY_MS, () => end(undefined));
      this.waiting.set(call, { timer, reply: end });
    });
    return { call, reply };
  }
}
