/** A pack of two lithium cells with its gauge. */

/** 49 Wh at 7 W of a lesson: seven hours. */
export const CAPACITY_WH = 49;
/** What the charger gives, robot and battery together. */
const CHARGER_W = 18;
/** Inside of the pack: the voltage sags under load. */
const INTERNAL_OHM = 0.12;
const CHARGE_EFFICIENCY = 0.95;

/** Open-circuit voltage of the pack by share of charge. */
const REST_VOLTS: readonly (readonly [share: number, volts: number])[] = [
  [0, 6.1],
  [0.05, 6.75],
  [0.1, 6.95],
  [0.2, 7.15],
  [0.5, 7.5],
  [0.8, 7.95],
  [1, 8.35],
];

export interface BatteryState {
  readonly wattHours: number;
  readonly plugged: boolean;
}

export function batteryAt(percent: number, plugged = false): BatteryState {
  return { wattHours: (CAPACITY_WH * percent) / 100, plugged };
}

/** Drains, or charges with what the charger has left over. */
export function stepBattery(state: BatteryState, loadW: number, dtS: number): BatteryState {
  const intoPackW = state.plugged ? (CHARGER_W - loadW) * CHARGE_EFFICIENCY : -loadW;
  const wattHours = state.wattHours + (intoPackW * dtS) / 3600;
  return { ...state, wattHours: Math.min(CAPACITY_WH, Math.max(0, wattHours)) };
}

export function isFlat(state: BatteryState): boolean {
  return state.wattHours <= 0 && !state.plugged;
}

/**
 * What the gauge says. `atMostPercent` is a fault: a pack that is suddenly that empty.
 */
export function readGauge(
  state: BatteryState,
  loadW: number,
  atMostPercent = 100,
): { percent: number; volts: number; charging: boolean } {
  const percent = Math.min(atMostPercent, (state.wattHours / CAPACITY_WH) * 100);
  const rest = restVolts(percent / 100);
  const amps = (state.plugged ? loadW - CHARGER_W : loadW) / rest;
  return { percent, volts: Math.min(8.4, rest - amps * INTERNAL_OHM), charging: state.plugged };
}

function restVolts(share: number): number {
  let [lowShare, lowVolts] = REST_VOLTS[0] ?? [0, 0];
  for (const [highShare, highVolts] of REST_VOLTS) {
    if (share <= highShare && highShare > lowShare)
      return lowVolts + ((share - lowShare) / (highShare - lowShare)) * (highVolts - lowVolts);
    [lowShare, lowVolts] = [highShare, highVolts];
  }
  return lowVolts;
}
