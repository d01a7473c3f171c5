import { NONE, type Step } from '../core/machine.ts';

/**
 * Whether an axis does what it is told. A head that is commanded to move and does not follow is
 * stalled; one that had arrived and moves away is being turned by hand.
 */
export type FollowState =
  /** Arrived: command still, encoder near it. */
  | { readonly name: 'settled'; readonly awaySinceMs: number | undefined }
  /** Moving, or not there yet. */
  | { readonly name: 'following'; readonly behindSinceMs: number | undefined };

export type FollowEvent =
  | {
      readonly type: 'sample';
      readonly atMs: number;
      /** Measured minus commanded, degrees. */
      readonly errorDeg: number;
      /** Of the command, deg/s. */
      readonly speed: number;
      readonly moving: boolean;
    }
  /** The command was set to the measured angle. */
  | { readonly type: 'adopted' };

export type FollowEffect = 'stall' | 'turned';

/** As near as gears and friction let a servo come. */
const ARRIVED_DEG = 3;
/** Farther from a still command than vibration or a knock brings it... */
const TURNED_DEG = 6;
/** ...for longer than a disturbed reading. */
const TURNED_MS = 40;
/** A servo trails a moving command by up to SERVO_LAG_S of its speed; beyond that it is behind. */
const BEHIND_DEG = 8;
const SERVO_LAG_S = 0.08;
export const STALL_MS = 300;

export const FOLLOW_START: FollowState = { name: 'settled', awaySinceMs: undefined };
const CALM: FollowState = FOLLOW_START;
const ON_THE_WAY: FollowState = { name: 'following', behindSinceMs: undefined };

export const stepFollow: Step<FollowState, FollowEvent, FollowEffect> = (state, event) => {
  if (event.type === 'adopted') return { state: CALM, effects: NONE };
  const error = Math.abs(event.errorDeg);
  if (event.moving || state.name === 'following') return whileMoving(state, event, error);
  if (error <= TURNED_DEG) return { state: CALM, effects: NONE };
  const since = state.awaySinceMs ?? event.atMs;
  if (event.atMs - since < TURNED_MS)
    return { state: { name: 'settled', awaySinceMs: since }, effects: NONE };
  return { state: CALM, effects: ['turned'] };
};

function whileMoving(
  state: FollowState,
  event: Extract<FollowEvent, { type: 'sample' }>,
  error: number,
): ReturnType<typeof stepFollow> {
  if (!event.moving && error <= ARRIVED_DEG) return { state: CALM, effects: NONE };
  if (error <= BEHIND_DEG + SERVO_LAG_S * Math.abs(event.speed))
    return { state: ON_THE_WAY, effects: NONE };
  const before = state.name === 'following' ? state.behindSinceMs : undefined;
  const since = before ?? event.atMs;
  if (event.atMs - since < STALL_MS)
    return { state: { name: 'following', behindSinceMs: since }, effects: NONE };
  return { state: ON_THE_WAY, effects: ['stall'] };
}

/** What follows a stall: rest for a while, try again, and call it well when it follows. */
export type StallState =
  | { readonly name: 'free' }
  /** Torque off until `untilMs`. */
  | { readonly name: 'waiting'; readonly untilMs: number; readonly pauseMs: number }
  /** Trying since `sinceMs`; still shown as a fault. */
  | { readonly name: 'trying'; readonly sinceMs: number; readonly pauseMs: number };

export type StallEvent =
  | { readonly type: 'stall'; readonly atMs: number }
  /** Each tick; `powered` when the servos hold the head. */
  | { readonly type: 'tick'; readonly atMs: number; readonly powered: boolean };

export const FIRST_PAUSE_MS = 2_000;
/** Long enough for a servo to cool that is jammed for good. */
export const LONGEST_PAUSE_MS = 60_000;
/** An axis that was powered for this long without a stall is well again. */
export const WELL_MS = 1_500;

export const STALL_START: StallState = { name: 'free' };

export const stepStall: Step<StallState, StallEvent, never> = (state, event) => {
  if (event.type === 'stall') {
    const pauseMs =
      state.name === 'free' ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, state.pauseMs * 2);
    return { state: { name: 'waiting', untilMs: event.atMs + pauseMs, pauseMs }, effects: NONE };
  }
  if (state.name === 'waiting' && event.atMs >= state.untilMs)
    return {
      state: { name: 'trying', sinceMs: event.atMs, pauseMs: state.pauseMs },
      effects: NONE,
    };
  if (state.name !== 'trying') return { state, effects: NONE };
  if (!event.powered) return { state: { ...state, sinceMs: event.atMs }, effects: NONE };
  if (event.atMs - state.sinceMs < WELL_MS) return { state, effects: NONE };
  return { state: STALL_START, effects: NONE };
};
