import { Histogram } from '../../hal/common/statistics.ts';

/** Width of the histogram's classes, and their number without the last. */
const CLASSES = { widthMs: 0.05, count: 2_000 } as const;

/** Upper edges of the classes in which the quantiles lie, milliseconds. */
export interface Percentiles {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
}

/** Histogram of durations up to 100 ms; longer ones fall into the last class. */
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
