import { type Rate, TokenBucket } from '../../hal/common/token-bucket.ts';
import type { Clock } from '../../hal/ports/clock.ts';

/** A page says 60 looks a second and a few words more. */
const MESSAGES: Rate = { perSecond: 1_000, burst: 1_000 };
const BYTES: Rate = { perSecond: 1_000_000, burst: 1_000_000 };

/**
 * Even a message that the command gate refuses costs time. No well-behaved client comes near these
 * limits; a connection that exceeds them is closed, so that the others are served.
 */
export class FloodGuard {
  private readonly messages: TokenBucket;
  private readonly bytes: TokenBucket;

  constructor(clock: Clock) {
    this.messages = new TokenBucket(clock, MESSAGES);
    this.bytes = new TokenBucket(clock, BYTES);
  }

  /** False once it is a flood. */
  takes(bytes: number): boolean {
    return this.messages.take() && this.bytes.take(bytes);
  }
}
