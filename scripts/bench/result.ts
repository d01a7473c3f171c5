import { median } from '../../hal/common/statistics.ts';

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
