/** Width of a class, and where the classes end: more is more. */
const CLASS_MS = 0.05;
const CLASSES = 2_000;

/** Upper edges of the classes in which the percentiles lie, milliseconds. */
export interface Percentiles {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
}

/** Counts of durations; adding makes no garbage. */
export class Histogram {
  private readonly counts = new Uint32Array(CLASSES + 1);
  private maxMs = 0;
  count = 0;

  add(ms: number): void {
    const index = Math.min(CLASSES, Math.max(0, Math.floor(ms / CLASS_MS)));
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.count += 1;
    this.maxMs = Math.max(this.maxMs, ms);
  }

  percentiles(): Percentiles {
    return {
      p50Ms: this.percentile(0.5),
      p99Ms: this.percentile(0.99),
      p999Ms: this.percentile(0.999),
      maxMs: Math.round(this.maxMs * 1000) / 1000,
    };
  }

  private percentile(share: number): number {
    let left = Math.ceil(share * this.count);
    for (let i = 0; i < CLASSES; i++) {
      left -= this.counts[i] ?? 0;
      if (left <= 0) return Math.round((i + 1) * CLASS_MS * 100) / 100;
    }
    return this.maxMs;
  }
}
