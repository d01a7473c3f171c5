import { median, quantile } from '../../../hal/common/statistics.ts';
import type { Figure } from '../wire.ts';
import type { Results } from './report.ts';

/** dist/vm/io.json: what `npm run bench -- io` reads. */
export interface IoFigures {
  /** The measuring machine: figures of an emulated machine are an upper bound, not the robot's. */
  readonly where: string;
  readonly kernel: string;
  readonly figures: readonly {
    readonly metric: string;
    readonly unit: string;
    readonly median: number;
    readonly p99: number;
    readonly runs: number;
  }[];
}

export function ioFigures(figures: readonly Figure[], { kernel, accelerator }: Results): IoFigures {
  return {
    where: accelerator === 'tcg' ? 'in a TCG VM' : 'in a KVM VM',
    kernel,
    figures: figures.map(({ name, unit, samples }) => ({
      metric: name,
      unit,
      median: median(samples),
      p99: quantile(samples, 0.99),
      runs: samples.length,
    })),
  };
}
