import type { Clock } from '../../hal/ports/clock.ts';

export interface Rate {
  /** Tokens that come back each second. */
  readonly perSecond: number;
  /** Most tokens there can be. */
  readonly burst: number;
}

/** A token bucket on monotonic time. */
export class TokenBucket {
  private tokens: number;
  private filledAtMs: number;

  constructor(
    private readonly clock: Clock,
    private readonly rate: Rate,
  ) {
    this.tokens = rate.burst;
    this.filledAtMs = clock.now();
  }

  take(): boolean {
    const now = this.clock.now();
    const earned = ((now - this.filledAtMs) / 1_000) * this.rate.perSecond;
    this.tokens = Math.min(this.rate.burst, this.tokens + earned);
    this.filledAtMs = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}

/** Peers whose own buckets are remembered; the one heard of longest ago is forgotten first. */
const MAX_PEERS = 512;

/**
 * Two limits at once. A peer's own bucket is asked first, so that one noisy peer cannot drain what
 * all share. Memory is bounded: forgetting a peer refills its own bucket, never the shared one.
 */
export class PeerRateLimit {
  private readonly peers = new Map<string, TokenBucket>();
  private readonly shared: TokenBucket;

  constructor(
    private readonly clock: Clock,
    private readonly perPeer: Rate,
    overall: Rate,
  ) {
    this.shared = new TokenBucket(clock, overall);
  }

  take(peer: string): boolean {
    return this.bucketOf(peer).take() && this.shared.take();
  }

  get size(): number {
    return this.peers.size;
  }

  private bucketOf(peer: string): TokenBucket {
    const bucket = this.peers.get(peer) ?? new TokenBucket(this.clock, this.perPeer);
    // Map keeps insertion order: the newest user goes to the end.
    this.peers.delete(peer);
    this.peers.set(peer, bucket);
    if (this.peers.size > MAX_PEERS) {
      const [oldest] = this.peers.keys();
      if (oldest !== undefined) this.peers.delete(oldest);
    }
    return bucket;
  }
}
