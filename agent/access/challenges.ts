import type { Clock } from '../../hal/ports/clock.ts';
import { CHALLENGE_MS } from '../wire/limits.ts';
import type { Feature } from '../wire/signalling.ts';
import { freshNonce } from '../wire/token.ts';

/** An honest client sends several hellos while it waits. */
const MAX_PER_PEER = 8;
/**
 * More than the shared rate limit of hellos (signalling/rate-limits.ts) allows within CHALLENGE_MS,
 * so that a flood hits the rate limit and never a full table.
 */
const MAX_TOTAL = 2_048;

interface Issued {
  readonly peer: string;
  readonly untilMs: number;
  readonly features: ReadonlySet<Feature>;
}

/**
 * Challenges issued and not yet used: 128 random bits, for one peer, one use, CHALLENGE_MS. In
 * memory only: a restart voids all of them. None is evicted early; when the table is full, new
 * requests are refused.
 */
export class Challenges {
  private readonly issued = new Map<string, Issued>();
  private readonly perPeer = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  /** A new challenge, or undefined when this peer or all peers together hold too many. */
  issue(peer: string, features: ReadonlySet<Feature> = new Set()): string | undefined {
    this.dropExpired();
    const held = this.perPeer.get(peer) ?? 0;
    if (held >= MAX_PER_PEER || this.issued.size >= MAX_TOTAL) return undefined;
    const challenge = freshNonce();
    this.issued.set(challenge, { peer, untilMs: this.clock.now() + CHALLENGE_MS, features });
    this.perPeer.set(peer, held + 1);
    return challenge;
  }

  isLive(peer: string, challenge: string): boolean {
    this.dropExpired();
    return this.issued.get(challenge)?.peer === peer;
  }

  /** What the hello that it answers said that its sender supports. */
  supports(challenge: string, feature: Feature): boolean {
    return this.issued.get(challenge)?.features.has(feature) ?? false;
  }

  holdsAny(peer: string): boolean {
    this.dropExpired();
    return this.perPeer.has(peer);
  }

  /** True for exactly one caller. */
  spend(peer: string, challenge: string): boolean {
    if (!this.isLive(peer, challenge)) return false;
    this.remove(challenge);
    return true;
  }

  get size(): number {
    return this.issued.size;
  }

  private dropExpired(): void {
    const now = this.clock.now();
    // All have the same lifetime, so insertion order is order of expiry.
    for (const [challenge, { untilMs }] of this.issued) {
      if (untilMs > now) return;
      this.remove(challenge);
    }
  }

  private remove(challenge: string): void {
    const peer = this.issued.get(challenge)?.peer;
    if (peer === undefined) return;
    this.issued.delete(challenge);
    const left = (this.perPeer.get(peer) ?? 1) - 1;
    if (left > 0) this.perPeer.set(peer, left);
    else this.perPeer.delete(peer);
  }
}
