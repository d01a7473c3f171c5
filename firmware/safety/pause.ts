import { NONE, type Step } from '../core/state-machine.ts';

/**
 * The teacher's pause. It belongs to the teacher: it outlives the agent and a pupil who hangs up
 * and comes back (who could otherwise lift it), and ends by another press (press.ts), or when a session
 * that it interrupted has been over for PAUSE_OUTLIVES_SESSION_MS.
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

type PauseEvent =
  | { readonly type: 'pause' | 'resume'; readonly atMs: number }
  /** Firmware starts anew: a pause from before goes on. */
  | { readonly type: 'restore'; readonly pause: Pause }
  /** Each tick: whether a pupil has a session. */
  | { readonly type: 'tick'; readonly atMs: number; readonly session: boolean };

export type PauseEffect = 'paused' | 'resumed';

/** Longer than a pupil would wait outside, shorter than a break between lessons. */
export const PAUSE_OUTLIVES_SESSION_MS = 5 * 60_000;

export const stepPause: Step<Pause, PauseEvent, PauseEffect> = (state, event) => {
  switch (event.type) {
    case 'pause': {
      if (state.name === 'paused') return { state, effects: NONE };
      const paused: Pause = { name: 'paused', sessionSeen: false, emptySinceMs: event.atMs };
      return { state: paused, effects: ['paused'] };
    }
    case 'resume':
      return { state: RUNNING, effects: state.name === 'paused' ? ['resumed'] : NONE };
    case 'restore':
      return { state: event.pause, effects: NONE };
    case 'tick':
      return state.name === 'running' ? { state, effects: NONE } : goOn(state, event);
  }
};

/** A pause that nobody ends ends some time after the session that it interrupted. */
function goOn(
  state: Extract<Pause, { name: 'paused' }>,
  { session, atMs }: { readonly session: boolean; readonly atMs: number },
): ReturnType<typeof stepPause> {
  if (session)
    return { state: { name: 'paused', sessionSeen: true, emptySinceMs: atMs }, effects: NONE };
  const over = atMs - state.emptySinceMs >= PAUSE_OUTLIVES_SESSION_MS;
  if (!state.sessionSeen || !over) return { state, effects: NONE };
  return { state: RUNNING, effects: ['resumed'] };
}

const RUNNING: Pause = { name: 'running' };
