import { NONE, type Step } from '../core/state-machine.ts';

/**
 * The teacher's pause. Only the teacher controls it: it survives a restart of the agent and a pupil
 * who hangs up and reconnects. It ends by another press (press.ts), or PAUSE_OUTLIVES_SESSION_MS
 * after the end of the session that it interrupted.
 */
export type Pause =
  | { readonly name: 'running' }
  | {
      readonly name: 'paused';
      /**
       * A session ran since the press; a pause without a session does not time out before the next
       * one.
       */
      readonly sessionSeen: boolean;
      /** Since when there is no session. */
      readonly emptySinceMs: number;
    };

type PauseEvent =
  | { readonly type: 'pause' | 'resume'; readonly atMs: number }
  /** Firmware restarted: the pause continues. */
  | { readonly type: 'restore'; readonly pause: Pause }
  /** Each tick: whether a pupil has a session. */
  | { readonly type: 'tick'; readonly atMs: number; readonly session: boolean };

export type PauseEffect = 'paused' | 'resumed';

/** Longer than a pupil would wait, shorter than a break between lessons. */
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
      return state.name === 'running' ? { state, effects: NONE } : stepPaused(state, event);
  }
};

/** Ends a pause some time after the session that it interrupted. */
function stepPaused(
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
