import { Histogram } from '../../hal/common/statistics.ts';

/** How wide a class is, and how many end before the last. */
const CLASSES = { widthMs: 0.05, count: 2_000 } as const;

/** Upper edges of the classes in which the quantiles lie, milliseconds. */
export interface Percentiles {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
}

/** Durations of up to a tenth of a second, milliseconds; longer ones count as long as the longest. */
export class Durations extends Histogram {
  constructor() {
    super(CLASSES.widthMs, CLASSES.count + 1);
  }

  percentiles(): Percentiles {
    return {
      p50Ms: this.quantile(0.5).to,
      p99Ms: this.quantile(0.99).to,
      p999Ms: this.quantile(0.999).to,
      maxMs: Math.round(this.max * 1000) / 1000,
    };
  }
}
