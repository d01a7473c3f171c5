import type { Rate } from '../../hal/common/token-bucket.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import { PeerRateLimit } from '../access/rate-limit.ts';
import type { SignalUp } from '../wire/signalling.ts';
import { MAX_BATCHES } from '../wire/trickle.ts';

/**
 * Rate limits of signalling, sized for an ES256 signature of about a millisecond on the robot's own
 * computer: a flood costs at most a tenth of one core.
 */
const PER_PEER: Rate = { perSecond: 1, burst: 8 };
const READS_PER_PEER: Rate = { perSecond: 8, burst: 40 };
const READS: Rate = { perSecond: 200, burst: 400 };
const HELLOS: Rate = { perSecond: 30, burst: 60 };
const TOKENS: Rate = { perSecond: 20, burst: 40 };
const BOUND: Rate = { perSecond: 10, burst: 30 };
/** Two complete offers' worth of messages in a burst per peer; see MAX_BATCHES. */
const CANDIDATES_PER_PEER: Rate = { perSecond: 4, burst: 2 * MAX_BATCHES };
const CANDIDATES: Rate = { perSecond: 20, burst: 60 };
const REFUSALS: Rate = { perSecond: 10, burst: 30 };
/** Messages processed concurrently; a peer gets two (a bye may overtake an offer). */
const AT_WORK = 16;
const AT_WORK_PER_PEER = 2;
/** Candidates wait for their offer to be answered. */
const CANDIDATES_AT_WORK_PER_PEER = MAX_BATCHES;
/** Peers proven to be bound devices; the least recently proven is dropped first. */
const MAX_BOUND_PEERS = 64;

/**
 * Independent limits, so that none can starve another: hellos cost nothing to send, tokens need a
 * challenge, and a peer proven to be a bound device has its own, so that a pupil in class can
 * reconnect while strangers flood the others.
 */
export class RateLimits {
  private readonly reading: PeerRateLimit;
  private readonly boundReads: PeerRateLimit;
  private readonly hellos: PeerRateLimit;
  private readonly tokens: PeerRateLimit;
  private readonly bound: PeerRateLimit;
  private readonly candidates: PeerRateLimit;
  private readonly refusals: PeerRateLimit;
  private readonly strangersWork = new WorkSlots(AT_WORK, AT_WORK_PER_PEER);
  private readonly boundWork = new WorkSlots(AT_WORK, AT_WORK_PER_PEER);
  private readonly candidatesWork = new WorkSlots(64, CANDIDATES_AT_WORK_PER_PEER);
  private readonly boundPeers = new Set<string>();

  constructor(clock: Clock) {
    this.reading = new PeerRateLimit(clock, READS_PER_PEER, READS);
    this.boundReads = new PeerRateLimit(clock, READS_PER_PEER, READS);
    this.hellos = new PeerRateLimit(clock, PER_PEER, HELLOS);
    this.tokens = new PeerRateLimit(clock, PER_PEER, TOKENS);
    this.bound = new PeerRateLimit(clock, { perSecond: 2, burst: 16 }, BOUND);
    this.candidates = new PeerRateLimit(clock, CANDIDATES_PER_PEER, CANDIDATES);
    this.refusals = new PeerRateLimit(clock, PER_PEER, REFUSALS);
  }

  /** Whether a message may be parsed. */
  reads(peer: string): boolean {
    return (this.boundPeers.has(peer) ? this.boundReads : this.reading).take(peer);
  }

  admits(peer: string, kind: SignalUp['kind']): boolean {
    if (kind === 'candidates') return this.candidates.take(peer);
    if (this.boundPeers.has(peer)) return this.bound.take(peer);
    return (kind === 'hello' ? this.hellos : this.tokens).take(peer);
  }

  /** Start and end use the same slots, even when the peer proves to be bound in between. */
  slotsFor(peer: string, kind: SignalUp['kind']): WorkSlots {
    if (kind === 'candidates') return this.candidatesWork;
    return this.boundPeers.has(peer) ? this.boundWork : this.strangersWork;
  }

  /** Whether a refusal may be signed; in a flood refusals are silent. */
  answersRefusal(peer: string): boolean {
    return this.refusals.take(peer);
  }

  markBound(peer: string): void {
    this.boundPeers.delete(peer);
    this.boundPeers.add(peer);
    if (this.boundPeers.size <= MAX_BOUND_PEERS) return;
    const [oldest] = this.boundPeers;
    if (oldest !== undefined) this.boundPeers.delete(oldest);
  }
}

/** Bounds the messages processed concurrently, per peer and in total. */
class WorkSlots {
  private readonly byPeer = new Map<string, number>();
  private total = 0;

  constructor(
    private readonly max: number,
    private readonly maxPerPeer: number,
  ) {}

  /** False when no slot is free; after true, `end` must follow. */
  start(peer: string): boolean {
    const own = this.byPeer.get(peer) ?? 0;
    if (this.total >= this.max || own >= this.maxPerPeer) return false;
    this.total += 1;
    this.byPeer.set(peer, own + 1);
    return true;
  }

  end(peer: string): void {
    this.total -= 1;
    const own = (this.byPeer.get(peer) ?? 1) - 1;
    if (own > 0) this.byPeer.set(peer, own);
    else this.byPeer.delete(peer);
  }
}
