/** Temperatures, degrees Celsius, as first-order masses that lean towards what heats them. */

const AMBIENT_C = 22;
const COMPUTER_C_PER_W = 6.2;
const COMPUTER_TAU_S = 120;
/** A servo that stalls for minutes reaches 85 C. */
const SERVO_C_AT_STALL = 63;
const SERVO_TAU_S = 90;
/** Fault `hot`: sun on a closed bag. Quick, so that people need not wait for it. */
const HOT_C = 92;
const HOT_TAU_S = 8;

export interface HeatState {
  readonly computerC: number;
  readonly servoC: number;
}

export interface HeatInput {
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
