export interface Rate {
  /** Tokens that come back each second, continuously. */
  readonly perSecond: number;
  /** Most tokens there can be. */
  readonly burst: number;
}

/** A token bucket on monotonic time, full at first. */
export class TokenBucket {
  private tokens: number;
  private filledAtMs: number;

  constructor(
    /** hal/ports/clock.ts */
    private readonly clock: { now(): number },
    private readonly rate: Rate,
  ) {
    this.tokens = rate.burst;
    this.filledAtMs = clock.now();
  }

  /** False, and nothing is taken, while there are fewer. */
  take(tokens = 1): boolean {
    const now = this.clock.now();
    const earned = ((now - this.filledAtMs) / 1_000) * this.rate.perSecond;
    this.tokens = Math.min(this.rate.burst, this.tokens + earned);
    this.filledAtMs = now;
    if (this.tokens < tokens) return false;
    this.tokens -= tokens;
    return true;
  }
}
