import { NONE, type Step } from '../core/state-machine.ts';

/**
 * Whether an axis moves as its calibration says. A wrong sign, a wrong zero, swapped servos or
 * swapped encoders all show in one way: the head goes where nobody sent it. So the first degrees
 * after a start are slow and watched closely, until the axis has followed a command; and for a
 * moment after each time the servos are powered, as an encoder may have lied while torque was off.
 */
export interface TrustState {
  readonly name: TrustName;
  /** Following errors in a row. */
  readonly errors: number;
  /** It has followed before: its wiring is right, whatever is wrong now may pass. */
  readonly followed: boolean;
  /** Powered since, and the ground that the command has covered since then. */
  readonly poweredMs: number;
  readonly startDeg: number;
  readonly lowDeg: number;
  readonly highDeg: number;
  /** When the first reading was taken that is off course; undefined: the last one is not. */
  readonly suspectMs: number | undefined;
  /** In `waiting`: until then. */
  readonly untilMs: number;
}

type TrustName =
  /** Not yet seen to follow. */
  | 'unproven'
  | 'proven'
  /** A following error: torque off for a while, then one more try. */
  | 'waiting'
  /** Too many following errors: no try is left. Calibrate, and start anew. */
  | 'broken';

export type TrustEvent =
  /** The servos are powered, with the pulse for the measured angle. */
  | { readonly type: 'powered'; readonly atMs: number; readonly deg: number }
  | {
      readonly type: 'sample';
      readonly atMs: number;
      readonly commandDeg: number;
      readonly measuredDeg: number;
      /** When it was measured: a wrong bit makes one reading wrong, not two in a row. */
      readonly measuredMs: number;
    }
  /** Each tick. */
  | { readonly type: 'tick'; readonly atMs: number };

export type TrustEffect = 'followingError';

/** Play of the gears, droop, a knock and the sensor's noise stay below this. */
export const FOLLOWING_ERROR_DEG = 4;
/** A command has been followed when it led this far, and the head is there. */
const PROOF_DEG = 5;
/** A servo that starts from the wrong pulse is on its way within a few frames of 20 ms. */
const FRESH_MS = 250;
const WELL_MS = 1_500;
/** Torque stays off for this long before the next try; twice as long after each that failed. */
export const FIRST_PAUSE_MS = 2_000;
/** Long enough for a servo to cool that is jammed for good. */
export const LONGEST_PAUSE_MS = 60_000;
/** Tries of an axis that has never followed, and of one that has. */
export const TRIES = 3;
export const TRIES_FOLLOWED = 6;

export const TRUST_START: TrustState = {
  name: 'unproven',
  errors: 0,
  followed: false,
  poweredMs: Number.NEGATIVE_INFINITY,
  startDeg: 0,
  lowDeg: 0,
  highDeg: 0,
  suspectMs: undefined,
  untilMs: 0,
};

/**
 * Whether people should know: from the first following error until the axis has followed, or has held
 * still for a while under power, which one that is truly wired wrongly does not.
 */
export function distrusted(state: TrustState, nowMs: number): boolean {
  if (state.name !== 'unproven') return state.name !== 'proven';
  return state.errors > 0 && !(nowMs - state.poweredMs >= WELL_MS);
}

export const stepTrust: Step<TrustState, TrustEvent, TrustEffect> = (state, event) => {
  if (state.name === 'broken') return { state, effects: NONE };
  switch (event.type) {
    case 'tick': {
      const over = state.name === 'waiting' && event.atMs >= state.untilMs;
      return {
        state: over ? { ...state, name: 'unproven', poweredMs: event.atMs } : state,
        effects: NONE,
      };
    }
    case 'powered': {
      const { atMs, deg } = event;
      return {
        state: {
          ...state,
          poweredMs: atMs,
          startDeg: deg,
          lowDeg: deg,
          highDeg: deg,
          suspectMs: undefined,
        },
        effects: NONE,
      };
    }
    case 'sample':
      return state.name === 'waiting' ? { state, effects: NONE } : judge(state, event);
  }
};

function judge(before: TrustState, event: Extract<TrustEvent, { type: 'sample' }>) {
  const { atMs, commandDeg, measuredDeg } = event;
  const watched = before.name === 'unproven' || atMs - before.poweredMs < FRESH_MS;
  if (!watched) return { state: before, effects: NONE };
  const lowDeg = Math.min(before.lowDeg, commandDeg);
  const highDeg = Math.max(before.highDeg, commandDeg);
  const state: TrustState = { ...before, lowDeg, highDeg, suspectMs: undefined };
  if (measuredDeg < lowDeg - FOLLOWING_ERROR_DEG || measuredDeg > highDeg + FOLLOWING_ERROR_DEG) {
    const { suspectMs = event.measuredMs } = before;
    if (suspectMs === event.measuredMs) return { state: { ...state, suspectMs }, effects: NONE };
    return { state: failedToFollow(state, atMs), effects: ['followingError' as const] };
  }
  const led = Math.abs(commandDeg - state.startDeg) >= PROOF_DEG;
  const there = Math.abs(measuredDeg - commandDeg) < FOLLOWING_ERROR_DEG;
  if (!led || !there || state.name === 'proven') return { state, effects: NONE };
  return {
    state: { ...state, name: 'proven' as const, errors: 0, followed: true },
    effects: NONE,
  };
}

function failedToFollow(state: TrustState, atMs: number): TrustState {
  const errors = state.errors + 1;
  if (errors >= (state.followed ? TRIES_FOLLOWED : TRIES))
    return { ...state, name: 'broken', errors };
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (errors - 1));
  return { ...state, name: 'waiting', errors, untilMs: atMs + pauseMs };
}
