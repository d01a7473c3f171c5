import { NONE, type Step, withoutEffects } from '../core/state-machine.ts';
import { FIRST_PAUSE_MS, LONGEST_PAUSE_MS } from '../safety/trust.ts';

/**
 * Whether an axis follows its command. A commanded head that does not follow is stalled; one that
 * had arrived and moves away is being turned by hand.
 */
type FollowState =
  /** Arrived: command still, encoder near it. */
  | { readonly name: 'settled'; readonly awaySinceMs: number | undefined }
  /** Moving, or not there yet. */
  | { readonly name: 'following'; readonly behindSinceMs: number | undefined };

type FollowEvent =
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

/** Deadband: gears and friction let a servo come no nearer. */
const ARRIVED_DEG = 3;
/** Larger deviation from a constant command than vibration or a knock causes... */
const TURNED_DEG = 6;
/** ...for longer than a bad reading lasts. */
const TURNED_MS = 40;
/** A servo trails a moving command by up to SERVO_LAG_S of its speed; beyond that it is behind. */
const BEHIND_DEG = 8;
const SERVO_LAG_S = 0.08;
const STALL_MS = 300;

export const FOLLOW_START: FollowState = { name: 'settled', awaySinceMs: undefined };
const SETTLED: FollowState = FOLLOW_START;
const FOLLOWING: FollowState = { name: 'following', behindSinceMs: undefined };

export const stepFollow: Step<FollowState, FollowEvent, FollowEffect> = (state, event) => {
  if (event.type === 'adopted') return { state: SETTLED, effects: NONE };
  const error = Math.abs(event.errorDeg);
  if (event.moving || state.name === 'following') return whileMoving(state, event, error);
  if (error <= TURNED_DEG) return { state: SETTLED, effects: NONE };
  const since = state.awaySinceMs ?? event.atMs;
  if (event.atMs - since < TURNED_MS)
    return { state: { name: 'settled', awaySinceMs: since }, effects: NONE };
  return { state: SETTLED, effects: ['turned'] };
};

function whileMoving(
  state: FollowState,
  event: Extract<FollowEvent, { type: 'sample' }>,
  error: number,
): ReturnType<typeof stepFollow> {
  if (!event.moving && error <= ARRIVED_DEG) return { state: SETTLED, effects: NONE };
  if (error <= BEHIND_DEG + SERVO_LAG_S * Math.abs(event.speed))
    return { state: FOLLOWING, effects: NONE };
  const before = state.name === 'following' ? state.behindSinceMs : undefined;
  const since = before ?? event.atMs;
  if (event.atMs - since < STALL_MS)
    return { state: { name: 'following', behindSinceMs: since }, effects: NONE };
  return { state: FOLLOWING, effects: ['stall'] };
}

/** Recovery from a stall: torque off for a while, retry, recovered when it follows. */
type StallState =
  | { readonly name: 'free' }
  /** Torque off until `untilMs`. */
  | { readonly name: 'waiting'; readonly untilMs: number; readonly pauseMs: number }
  /** Retrying since `sinceMs`; still reported as a fault. */
  | { readonly name: 'trying'; readonly sinceMs: number; readonly pauseMs: number };

type StallEvent =
  | { readonly type: 'stall'; readonly atMs: number }
  /** Each tick; `powered` when the servos hold the head. */
  | { readonly type: 'tick'; readonly atMs: number; readonly powered: boolean };

/** An axis powered for this long without a stall has recovered. */
const WELL_MS = 1_500;

export const STALL_START: StallState = { name: 'free' };

export const stepStall = withoutEffects<StallState, StallEvent>((state, event) => {
  if (event.type === 'stall') {
    const pauseMs =
      state.name === 'free' ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, state.pauseMs * 2);
    return { name: 'waiting', untilMs: event.atMs + pauseMs, pauseMs };
  }
  if (state.name === 'waiting' && event.atMs >= state.untilMs)
    return { name: 'trying', sinceMs: event.atMs, pauseMs: state.pauseMs };
  if (state.name !== 'trying') return state;
  if (!event.powered) return { ...state, sinceMs: event.atMs };
  return event.atMs - state.sinceMs < WELL_MS ? state : STALL_START;
});
