import { NONE, type Step } from './machine.ts';

/**
 * The teacher's pause. It belongs to the teacher: it outlives the agent and a pupil who hangs up
 * and comes back (who could otherwise lift it), and ends by a second press, or when a session that
 * it interrupted has been over for PAUSE_OUTLIVES_SESSION_MS.
 */
export type Pause =
  | { readonly name: 'running' }
  | {
      readonly name: 'paused';
      /** A pupil was there since the press; a pause made on an empty robot waits for the next. */
      readonly sessionSeen: boolean;
      /** Since when nobody is there. */
      readonly emptySinceMs: number;
    };

export type PauseEvent =
  | { readonly type: 'press'; readonly atMs: number }
  /** Firmware starts anew: a pause from before goes on. */
  | { readonly type: 'restore'; readonly pause: Pause }
  /** Each tick: whether a pupil has a session. */
  | { readonly type: 'tick'; readonly atMs: number; readonly session: boolean };

export type PauseEffect = 'paused' | 'resumed';

/** Longer than a pupil would wait outside, shorter than a break between lessons. */
export const PAUSE_OUTLIVES_SESSION_MS = 5 * 60_000;

export const stepPause: Step<Pause, PauseEvent, PauseEffect> = (state, event) => {
  if (event.type === 'press') {
    if (state.name === 'paused') return { state: RUNNING, effects: ['resumed'] };
    const paused: Pause = { name: 'paused', sessionSeen: false, emptySinceMs: event.atMs };
    return { state: paused, effects: ['paused'] };
  }
  if (event.type === 'restore') return { state: event.pause, effects: NONE };
  if (state.name === 'running') return { state, effects: NONE };
  if (event.session)
    return {
      state: { name: 'paused', sessionSeen: true, emptySinceMs: event.atMs },
      effects: NONE,
    };
  const over = event.atMs - state.emptySinceMs >= PAUSE_OUTLIVES_SESSION_MS;
  if (!state.sessionSeen || !over) return { state, effects: NONE };
  return { state: RUNNING, effects: ['resumed'] };
};

const RUNNING: Pause = { name: 'running' };
