/** One line of a benchmark: ours beside peers or limits, measured side by side in one run. */
export interface Result {
  readonly metric: string;
  readonly unit: string;
  /** Median over the runs. */
  readonly ours: number;
  /** Medians of the others, or limits. */
  readonly peers: Record<string, number>;
  /** ours / best peer or limit; below 1 is better than the best of them where less is better. */
  readonly ratio: number;
  readonly runs: number;
}

export type Bench = (options: { log: (line: string) => void }) => Promise<Result[]>;

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which `q` (0..1) of the values lie; NaN of none. */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (high - low) * (at - Math.floor(at));
}

/** Makes a result; the best peer is the smallest. */
export function result(
  metric: string,
  unit: string,
  ours: readonly number[],
  peers: Record<string, readonly number[]>,
): Result {
  const mine = median(ours);
  const others = Object.fromEntries(
    Object.entries(peers).map(([name, values]) => [name, median(values)]),
  );
  return {
    metric,
    unit,
    ours: mine,
    peers: others,
    ratio: mine / Math.min(...Object.values(others)),
    runs: ours.length,
  };
}
