import { Random } from '../../sim/time/random.ts';
import type { HostileOptions } from './run.ts';

export interface Damage {
  /** For people: `cut at 12`. */
  readonly how: string;
  readonly bytes: Buffer;
}

/** A file cut at some places, or at every byte, and bitten at some. */
export function damagesOf(whole: Buffer, options: HostileOptions): Damage[] {
  const { every, count, seed } = options;
  const random = new Random(seed + whole.length);
  const all = Array.from({ length: whole.length }, (_, at) => at);
  const some = (): number[] =>
    Array.from({ length: count }, () => Math.floor(random.next() * whole.length));
  const cuts = (every ? all : [0, ...some()]).map((at) => ({
    how: `cut at ${at} of ${whole.length}`,
    bytes: whole.subarray(0, at),
  }));
  const bites = some().map((at) => {
    const bit = Math.floor(random.next() * 8);
    const bytes = Buffer.from(whole);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
    return { how: `bit ${bit} of byte ${at} of ${whole.length} flipped`, bytes };
  });
  return [...cuts, ...bites];
}
