/** What the robot takes from its battery, and what that heats. */

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
const COMPUTER = { cPerW: 6.2, tauS: 120 };
/** A servo that stalls for minutes reaches 85 C. */
const SERVO = { stalledC: 63, tauS: 90 };
/** Fault `hot`: sun on a closed bag. Quick, so that people need not wait for it. */
const HOT = { atC: 92, tauS: 8 };

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
  const computer = input.hot ? HOT.atC : AMBIENT_C + COMPUTER.cPerW * input.computerW;
  const { tauS } = input.hot ? HOT : COMPUTER;
  const servo = AMBIENT_C + SERVO.stalledC * input.servoEffort;
  return {
    computerC: lean(state.computerC, computer, tauS, dtS),
    servoC: lean(state.servoC, servo, SERVO.tauS, dtS),
  };
}

function lean(value: number, towards: number, tauS: number, dtS: number): number {
  return towards + (value - towards) * Math.exp(-dtS / tauS);
}
