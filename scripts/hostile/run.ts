/** Parameters and result of a hostile run. */
export interface HostileOptions {
  /** Number of kills of each process, or damages of each file. */
  readonly count: number;
  /** Cut at every byte instead of at `count` of them. */
  readonly every: boolean;
  readonly seed: number;
  /** The checkout: dist/ and scripts/ lie in it. */
  readonly root: string;
  readonly log: (line: string) => void;
}

export interface Figure {
  readonly what: string;
  readonly runs: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly max: number;
}

export interface Outcome {
  readonly figures: readonly Figure[];
  /** One sentence for each violated guarantee. */
  readonly broken: readonly string[];
  readonly facts: Readonly<Record<string, number>>;
}

export type HostileRun = (options: HostileOptions) => Promise<Outcome>;

export function figure(what: string, values: readonly number[]): Figure {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number): number =>
    Math.round(sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN);
  return { what, runs: values.length, p50: at(0.5), max: at(1) };
}
