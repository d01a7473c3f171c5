/** A pack of two lithium cells with its gauge, what the robot takes from it, and what that heats. */

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

/** Everything that draws power. */
export interface Consumers {
  /** A powered camera means a lesson: capture, encoder and radio at work. */
  readonly camera: boolean;
  readonly microphone: boolean;
  readonly amplifier: boolean;
  /** Loudness of the speaker, 0..1. */
  readonly speaking: number;
  readonly servosOn: boolean;
  /** Sum of both servos' efforts, 0..2. */
  readonly effort: number;
  /** Sum of the four light channels, 0..4. */
  readonly light: number;
  /** Eyes' brightness step, 0..15, when something is lit. */
  readonly eyes: number;
}

/** The computer's share, which also heats it. */
export function computerWatts(consumers: Consumers): number {
  return 2.9 + (consumers.camera ? 2.6 : 0);
}

export function totalWatts(consumers: Consumers): number {
  return (
    computerWatts(consumers) +
    (consumers.camera ? 0.6 : 0) +
    (consumers.microphone ? 0.05 : 0) +
    (consumers.amplifier ? 0.15 + 1.2 * consumers.speaking : 0) +
    (consumers.servosOn ? 0.15 : 0) +
    6 * consumers.effort +
    0.25 * consumers.light +
    0.02 * consumers.eyes
  );
}

const AMBIENT_C = 22;
const COMPUTER_C_PER_W = 6.2;
const COMPUTER_TAU_S = 120;
/** A servo that stalls for minutes reaches 85 C. */
const SERVO_C_AT_STALL = 63;
const SERVO_TAU_S = 90;
/** Fault `hot`: sun on a closed bag. Quick, so that people need not wait for it. */
const HOT_C = 92;
const HOT_TAU_S = 8;

/** Degrees Celsius; first-order masses that lean towards what heats them. */
export interface HeatState {
  readonly computerC: number;
  readonly servoC: number;
}

interface HeatInput {
  readonly computerW: number;
  /** The harder working servo's effort, 0..1. */
  readonly servoEffort: number;
  /** The fault: something heats the robot from outside. */
  readonly hot: boolean;
}

export const coldStart: HeatState = { computerC: AMBIENT_C + 14, servoC: AMBIENT_C + 1 };

export function stepHeat(state: HeatState, input: HeatInput, dtS: number): HeatState {
  const computer = input.hot ? HOT_C : AMBIENT_C + COMPUTER_C_PER_W * input.computerW;
  const computerTau = input.hot ? HOT_TAU_S : COMPUTER_TAU_S;
  const servo = AMBIENT_C + SERVO_C_AT_STALL * input.servoEffort;
  return {
    computerC: lean(state.computerC, computer, computerTau, dtS),
    servoC: lean(state.servoC, servo, SERVO_TAU_S, dtS),
  };
}

function lean(value: number, towards: number, tauS: number, dtS: number): number {
  return towards + (value - towards) * Math.exp(-dtS / tauS);
}
