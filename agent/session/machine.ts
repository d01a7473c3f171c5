/**
 * The session as a value: who is in class and how far. `(state, event) -> {state, effects}`; no
 * timers, no IO. The owner (session.ts) performs the effects and logs each transition.
 *
 *                offer            connected            paused
 *     asleep ─────────────> waking ─────────> live <────────────> paused
 *        ^                   ^  │               │     resumed        │
 *        │ end, expired      │  │ expired, end  └───────┬────────────┘
 *        │                   │  v                  lost v   ^ connected
 *        └───────────────────┼──┴──────────────── interrupted
 *                            └── offer by the same device ┘  (from live and paused too)
 *
 * `paused` belongs to the teacher: firmware says it and the machine follows, in every state.
 */
import type { UsageRecord } from '../wire/fleet.ts';
import { INTERRUPTED_MS } from '../wire/limits.ts';
import type { Visitor } from './door.ts';

/** A pupil who was let in and never connects: the robot sleeps again after this. */
export const WAKING_MS = 20_000;

export type EndWhy = Exclude<UsageRecord['why'], 'powerLost'>;

export type SessionState =
  /** Nobody is there; the camera has no power. The safe state. */
  | { readonly name: 'asleep'; readonly paused: boolean }
  /** A pupil was let in and media is on its way: the camera starts so that the picture is there. */
  | { readonly name: 'waking'; readonly paused: boolean; readonly pupil: Visitor }
  | { readonly name: 'live'; readonly paused: false; readonly pupil: Visitor }
  /** Teacher's pause: the pupil stays, sees black and hears nothing. */
  | { readonly name: 'paused'; readonly paused: true; readonly pupil: Visitor }
  /** The pupil's connection is gone and may come back; the camera is off meanwhile. */
  | { readonly name: 'interrupted'; readonly paused: boolean; readonly pupil: Visitor };

export type SessionEvent =
  /** An offer of a proven device, already answered by a new connection. */
  | { readonly type: 'offer'; readonly pupil: Visitor }
  | { readonly type: 'connected' }
  | { readonly type: 'lost' }
  /** The time that `arm` asked for has passed. */
  | { readonly type: 'expired' }
  | { readonly type: 'paused' }
  | { readonly type: 'resumed' }
  | { readonly type: 'end'; readonly why: EndWhy };

export type SessionEffect =
  | { readonly do: 'admit' }
  | { readonly do: 'refuse' }
  /** The old connection is told `takenOver` and closed; the new one takes its place. */
  | { readonly do: 'replaceConnection' }
  /** The pupil is told why, and the connection closed. */
  | { readonly do: 'dismiss'; readonly why: EndWhy }
  | { readonly do: 'openRecord' }
  | { readonly do: 'note'; readonly what: 'pause' | 'interruption' }
  | { readonly do: 'closeRecord'; readonly why: EndWhy }
  | { readonly do: 'arm'; readonly ms: number }
  | { readonly do: 'disarm' };

export interface Step {
  readonly state: SessionState;
  readonly effects: readonly SessionEffect[];
}

export const atRest: SessionState = { name: 'asleep', paused: false };

export function step(state: SessionState, event: SessionEvent): Step {
  switch (event.type) {
    case 'offer':
      return onOffer(state, event.pupil);
    case 'connected':
      return onConnected(state);
    case 'lost':
      return onLost(state);
    case 'expired':
      return state.name === 'waking' || state.name === 'interrupted'
        ? end(state, 'lost')
        : stay(state);
    case 'paused':
      return onPause(state, true);
    case 'resumed':
      return onPause(state, false);
    case 'end':
      return end(state, event.why);
  }
}

/** Would an offer of this device be taken now? */
export function admits(state: SessionState, device: string): boolean {
  return state.name === 'asleep' || state.pupil.device === device;
}

/** May the camera have power? Nobody sees without a pupil, nor against the teacher's will. */
export function cameraAllowed(state: SessionState): boolean {
  return (state.name === 'waking' || state.name === 'live') && !state.paused;
}

function stay(state: SessionState): Step {
  return { state, effects: [] };
}

function onOffer(state: SessionState, pupil: Visitor): Step {
  if (!admits(state, pupil.device)) return { state, effects: [{ do: 'refuse' }] };
  const fresh = state.name === 'asleep';
  return {
    state: { name: 'waking', paused: state.paused, pupil },
    effects: [
      { do: fresh ? 'openRecord' : 'replaceConnection' },
      { do: 'arm', ms: fresh ? WAKING_MS : INTERRUPTED_MS },
      { do: 'admit' },
    ],
  };
}

function onConnected(state: SessionState): Step {
  if (state.name !== 'waking' && state.name !== 'interrupted') return stay(state);
  return { state: inClass(state.pupil, state.paused), effects: [{ do: 'disarm' }] };
}

function onLost(state: SessionState): Step {
  if (state.name !== 'live' && state.name !== 'paused') return stay(state);
  return {
    state: { name: 'interrupted', paused: state.paused, pupil: state.pupil },
    effects: [
      { do: 'note', what: 'interruption' },
      { do: 'arm', ms: INTERRUPTED_MS },
    ],
  };
}

function onPause(state: SessionState, paused: boolean): Step {
  if (state.paused === paused) return stay(state);
  if (state.name === 'asleep') return stay({ name: 'asleep', paused });
  const effects: SessionEffect[] = paused ? [{ do: 'note', what: 'pause' }] : [];
  if (state.name === 'waking' || state.name === 'interrupted')
    return { state: { name: state.name, paused, pupil: state.pupil }, effects };
  return { state: inClass(state.pupil, paused), effects };
}

function end(state: SessionState, why: EndWhy): Step {
  if (state.name === 'asleep') return stay(state);
  return {
    state: { name: 'asleep', paused: state.paused },
    effects: [{ do: 'disarm' }, { do: 'dismiss', why }, { do: 'closeRecord', why }],
  };
}

function inClass(pupil: Visitor, paused: boolean): SessionState {
  return paused ? { name: 'paused', paused, pupil } : { name: 'live', paused, pupil };
}
