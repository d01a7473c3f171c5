/** What happens to a simulated fleet, and when: seeded, in seconds of the machine's time. */
import { Random } from '../../sim/time/random.ts';

export const FAULT_KINDS = ['broker', 'region', 'clock', 'disk'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface PlannedFault {
  readonly kind: FaultKind;
  readonly atS: number;
  readonly lastsS: number;
  /** 0 <= x < 1: which school or robots. */
  readonly whom: number;
}

/** Each kind once a third of the way and once more later, within the first 70 % of `seconds`. */
export function plannedFaults(
  kinds: readonly FaultKind[],
  seconds: number,
  seed: number,
): readonly PlannedFault[] {
  const random = new Random(seed ^ 0x165667b1);
  return kinds
    .flatMap((kind) =>
      [0.15, 0.45].map((share) => ({
        kind,
        atS: seconds * (share + 0.2 * random.next()),
        lastsS: Math.max(2, seconds * 0.05 * (1 + random.next())),
        whom: random.next(),
      })),
    )
    .sort((a, b) => a.atS - b.atS);
}
