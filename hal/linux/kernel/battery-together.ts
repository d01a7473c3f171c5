import type { BatteryReading } from '../../ports/body.ts';
import type { BatteryNow } from './battery-properties.ts';

/**
 * Several batteries of one computer as one: a laptop may have one inside and one that is swapped,
 * which empty one after the other. At least one is given.
 */
export function together(batteries: readonly BatteryNow[]): BatteryReading {
  const [first, ...others] = batteries;
  if (first && others.length === 0) return first.reading;
  const weights = weightsOf(batteries);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const percent = batteries.reduce(
    (sum, { reading }, i) => sum + (reading.percent * (weights[i] ?? 0)) / all,
    0,
  );
  return {
    percent: Math.min(100, percent),
    volts: voltsOf(batteries),
    status: statusOf(batteries.map(({ reading }) => reading.status)),
  };
}

/** By what each holds when full, where that can be compared. */
function weightsOf(batteries: readonly BatteryNow[]): readonly number[] {
  const energies = batteries.map(
    ({ fullWh, fullAh, reading }) =>
      fullWh ?? (fullAh !== undefined && reading.volts > 0 ? fullAh * reading.volts : undefined),
  );
  const charges = batteries.map(({ fullAh }) => fullAh);
  for (const known of [energies, charges])
    if (known.every((weight) => weight !== undefined)) return known;
  return batteries.map(() => 1);
}

/**
 * One that empties says that there is no mains, whatever another says: a dock's battery charges
 * that of its tablet.
 */
function statusOf(statuses: readonly BatteryReading['status'][]): BatteryReading['status'] {
  for (const status of ['discharging', 'charging'] as const)
    if (statuses.includes(status)) return status;
  return statuses.every((status) => status === 'full') ? 'full' : 'unknown';
}

/** Of the one in use; which that is shows while it empties. Else nobody's. */
function voltsOf(batteries: readonly BatteryNow[]): number {
  const used = batteries.filter(({ reading }) => reading.status === 'discharging');
  return used.length === 1 ? (used[0]?.reading.volts ?? 0) : 0;
}
