/**
 * Percentiles of many measurements in fixed memory: a histogram with equal steps. Values beyond the
 * last step count as the last one, so a spread is never better than what was measured.
 */
export class Spread {
  private readonly counts: Uint32Array;
  private total = 0;

  constructor(
    private readonly step: number,
    steps: number,
  ) {
    this.counts = new Uint32Array(steps);
  }

  add(value: number): void {
    const slot = Math.min(this.counts.length - 1, Math.max(0, Math.floor(value / this.step)));
    this.counts[slot] = (this.counts[slot] ?? 0) + 1;
    this.total += 1;
  }

  /** Null while nothing was measured. */
  read(): { p50: number; p95: number } | null {
    return this.total === 0 ? null : { p50: this.percentile(0.5), p95: this.percentile(0.95) };
  }

  /** The step (its lower edge) at or under which `share` of the values lie. */
  private percentile(share: number): number {
    const rank = Math.ceil(share * this.total);
    let seen = 0;
    for (let slot = 0; slot < this.counts.length; slot++) {
      seen += this.counts[slot] ?? 0;
      if (seen >= rank) return Number((slot * this.step).toFixed(6));
    }
    return (this.counts.length - 1) * this.step;
  }
}
