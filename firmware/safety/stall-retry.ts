import { NONE, type Step } from './machine.ts';

/** What follows a stall: rest for a while, try again, and call it well when it follows. */
export type StallState =
  | { readonly name: 'free' }
  /** Servos limp until `untilMs`. */
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
