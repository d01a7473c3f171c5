import type { Log } from '../../hal/ports/log.ts';

/** Counts refusals at each edge, by reason, for the fleet's telemetry. No content. */
export class RefusalCounters {
  private readonly counts = new Map<string, number>();

  /** `edge`: where it was received: broker, control, look, link, config, invitation. */
  count(edge: string, reason: string): void {
    const key = `${edge}.${reason}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  snapshot(): Record<string, number> {
    return Object.fromEntries([...this.counts].sort(([a], [b]) => a.localeCompare(b)));
  }
}

/**
 * Counts each refusal and logs it without content. A flood must not flood the log, so only the 1st,
 * 10th, 100th, ... of a kind is logged.
 */
export class RefusalLog {
  private readonly seen = new Map<string, number>();

  constructor(
    private readonly refusals: RefusalCounters,
    private readonly log: Log,
  ) {}

  note(edge: string, reason: string): void {
    this.refusals.count(edge, reason);
    const key = `${edge}.${reason}`;
    const count = (this.seen.get(key) ?? 0) + 1;
    this.seen.set(key, count);
    if (/^10*$/.test(String(count))) this.log.warn({ edge, reason, count }, 'refused');
  }
}
