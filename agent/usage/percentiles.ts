import { Histogram } from '../../hal/common/statistics.ts';

/**
 * Percentiles of many measurements, as lower edges of histogram classes. Values beyond the last
 * class count in it.
 */
export class Percentiles extends Histogram {
  /** Null while nothing was measured. */
  read(): { p50: number; p95: number } | null {
    if (this.count === 0) return null;
    return { p50: this.quantile(0.5).from, p95: this.quantile(0.95).from };
  }
}
