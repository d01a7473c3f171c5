/** The class of a histogram in which a quantile lies. */
interface Class {
  readonly from: number;
  /** Of the last class, which has no upper edge: the largest value of all. */
  readonly to: number;
}

/**
 * Counts of many measurements in fixed memory, in classes of equal width from 0 upwards; adding makes
 * no garbage. What lies beyond the last class counts there.
 */
export class Histogram {
  private readonly counts: Uint32Array;
  private largest = 0;
  private total = 0;

  constructor(
    private readonly width: number,
    classes: number,
  ) {
    this.counts = new Uint32Array(classes);
  }

  add(value: number): void {
    const index = Math.min(this.counts.length - 1, Math.max(0, Math.floor(value / this.width)));
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.total += 1;
    this.largest = Math.max(this.largest, value);
  }

  get count(): number {
    return this.total;
  }

  /** The largest value; 0 of none. */
  get max(): number {
    return this.largest;
  }

  /** Where the value lies at or under which `share` (0..1) of all are. The lowest class of none. */
  quantile(share: number): Class {
    const last = this.counts.length - 1;
    let left = Math.ceil(share * this.total);
    let index = 0;
    for (; index < last; index++) {
      left -= this.counts[index] ?? 0;
      if (left <= 0) break;
    }
    const edge = (n: number): number => Number((n * this.width).toFixed(6));
    return { from: edge(index), to: index < last ? edge(index + 1) : this.largest };
  }
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which `share` (0..1) of the values lie, interpolated; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (high - low) * (at - Math.floor(at));
}
