import { type Rate, TokenBucket } from '../../hal/common/token-bucket.ts';
import type { Clock } from '../../hal/ports/clock.ts';

/** Number of peers whose buckets are remembered; the least recently active is dropped first. */
const MAX_PEERS = 512;

/**
 * Two limits at once. A peer's own bucket is checked first, so that one noisy peer cannot drain the
 * shared one. Memory is bounded: dropping a peer refills its own bucket, never the shared one.
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
    // Map keeps insertion order: the most recent moves to the end.
    this.peers.delete(peer);
    this.peers.set(peer, bucket);
    if (this.peers.size > MAX_PEERS) {
      const [oldest] = this.peers.keys();
      if (oldest !== undefined) this.peers.delete(oldest);
    }
    return bucket;
  }
}
