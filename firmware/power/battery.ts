import type { BatteryReading } from '../../hal/ports/body.ts';
import { NONE, type Step } from '../safety/machine.ts';

/** How full the battery is, as far as anybody has to act on it. */
export interface BatteryState {
  readonly name: 'good' | 'low' | 'critical' | 'empty';
  /** Readings in a row that say empty: one alone does not end a lesson. */
  readonly emptyReadings: number;
}

export type BatteryEvent = { readonly type: 'reading' } & Pick<
  BatteryReading,
  'percent' | 'status'
>;

/** `shutdown`: the computer must stop while it still can. */
export type BatteryEffect = 'shutdown';

export const BATTERY_START: BatteryState = { name: 'good', emptyReadings: 0 };

/** A level begins below its percentage... */
const BELOW = { low: 20, critical: 10, empty: 4 } as const;
/** ...and ends this much above it, so that it does not flutter. */
const HYSTERESIS = 2;
const READINGS_TO_EMPTY = 3;

export const stepBattery: Step<BatteryState, BatteryEvent, BatteryEffect> = (state, event) => {
  const powered = event.status === 'charging' || event.status === 'full';
  const level = levelOf(event.percent, state.name);
  if (level !== 'empty') return { state: { name: level, emptyReadings: 0 }, effects: NONE };
  // On mains an empty battery fills: no reason to stop.
  if (powered) return { state: { name: 'critical', emptyReadings: 0 }, effects: NONE };
  if (state.name === 'empty') return { state, effects: NONE };
  const emptyReadings = state.emptyReadings + 1;
  if (emptyReadings < READINGS_TO_EMPTY)
    return { state: { name: 'critical', emptyReadings }, effects: NONE };
  return { state: { name: 'empty', emptyReadings }, effects: ['shutdown'] };
};

function levelOf(percent: number, before: BatteryState['name']): BatteryState['name'] {
  const below = (level: 'low' | 'critical' | 'empty'): boolean =>
    percent < BELOW[level] + (ORDER[before] >= ORDER[level] ? HYSTERESIS : 0);
  if (below('empty')) return 'empty';
  if (below('critical')) return 'critical';
  return below('low') ? 'low' : 'good';
}

const ORDER = { good: 0, low: 1, critical: 2, empty: 3 } as const;
