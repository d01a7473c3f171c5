import { TokenBucket } from '../../hal/common/token-bucket.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Happening } from './audit-log.ts';

/** Refused orders that get an entry of their own; the others are counted up. */
const ALONE = { perSecond: 1 / 600, burst: 8 } as const;
/** One entry for all that were only counted. */
const SUM_MS = 3_600_000;

export interface RefusedOrder {
  readonly reason: string;
  readonly order?: string;
}

/**
 * Refused orders in the audit log. A flood must not fill the disk: some entries of their own, and
 * one an hour that counts the others.
 */
export class AuditedRefusals {
  private readonly alone: TokenBucket;
  private counts = new Map<string, number>();
  private timer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly append: (happening: Happening) => void,
  ) {
    this.alone = new TokenBucket(clock, ALONE);
  }

  note({ reason, order }: RefusedOrder): void {
    if (this.alone.take()) {
      const named = order === undefined ? {} : { order };
      this.append({ what: 'refused', outcome: 'refused', reason, ...named });
      return;
    }
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + 1);
    this.timer ??= this.clock.after(SUM_MS, () => this.sum());
  }

  /** Writes what was counted. */
  sum(): void {
    this.timer?.cancel();
    this.timer = undefined;
    if (this.counts.size === 0) return;
    const counts = Object.fromEntries(this.counts);
    this.counts = new Map();
    this.append({ what: 'refusals', outcome: 'refused', facts: { counts } });
  }
}
