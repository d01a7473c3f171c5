import { NONE, type Step } from '../core/state-machine.ts';

/**
 * Whether an axis moves as its calibration says. A wrong sign, a wrong zero, swapped servos or
 * swapped encoders have the same symptom: the head moves where it was not commanded. So motion
 * after a start is slow and closely monitored until the axis has followed a command; and again for
 * a moment after torque on, as the encoder may have been wrong while torque was off.
 */
export interface TrustState {
  readonly name: TrustName;
  /** Following errors in a row. */
  readonly errors: number;
  /** It has followed before: its wiring is right, and the error may be transient. */
  readonly followed: boolean;
  /** Torque on since, and the range that the command has covered since then. */
  readonly poweredMs: number;
  readonly startDeg: number;
  readonly lowDeg: number;
  readonly highDeg: number;
  /** Time of the first off-course reading; undefined: the last reading is on course. */
  readonly suspectMs: number | undefined;
  /** End of `waiting`. */
  readonly untilMs: number;
}

type TrustName =
  /** Has not followed a command yet. */
  | 'unproven'
  | 'proven'
  /** A following error: torque off for a while, then a retry. */
  | 'waiting'
  /** Too many following errors, no retry left. Calibrate and restart. */
  | 'broken';

export type TrustEvent =
  /** Torque on, with the pulse for the measured angle. */
  | { readonly type: 'powered'; readonly atMs: number; readonly deg: number }
  | {
      readonly type: 'sample';
      readonly atMs: number;
      readonly commandDeg: number;
      readonly measuredDeg: number;
      /** Time of the reading: a bit error affects one reading, not two in a row. */
      readonly measuredMs: number;
    }
  /** Each tick. */
  | { readonly type: 'tick'; readonly atMs: number };

export type TrustEffect = 'followingError';

/** Backlash, droop, a knock and sensor noise stay below this. */
export const FOLLOWING_ERROR_DEG = 4;
/** The command must have moved this far, and the head with it, to prove the axis. */
const PROOF_DEG = 5;
/** A servo that starts from a wrong pulse moves within a few frames of 20 ms. */
const FRESH_MS = 250;
const WELL_MS = 1_500;
/** Torque stays off for this long before the retry; doubled after each failure. */
export const FIRST_PAUSE_MS = 2_000;
/** Long enough for a permanently jammed servo to cool. */
export const LONGEST_PAUSE_MS = 60_000;
/** Attempts for an axis that has never followed, and for one that has. */
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
 * Whether to report a fault: from the first following error until the axis has followed, or has
 * held still for a while with torque on, which a miswired one does not.
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
  const movedFarEnough = Math.abs(commandDeg - state.startDeg) >= PROOF_DEG;
  const followed = Math.abs(measuredDeg - commandDeg) < FOLLOWING_ERROR_DEG;
  if (!movedFarEnough || !followed || state.name === 'proven') return { state, effects: NONE };
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
