import { Histogram } from '../../hal/common/statistics.ts';

/** Width of a class, and where the classes end. */
const CLASS_MS = 0.05;
const CLASSES = 2_000;

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
    super(CLASS_MS, CLASSES + 1);
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
