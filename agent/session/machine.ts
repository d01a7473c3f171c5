/**
 * The session as a value: who is in class and how far. `(state, event) -> {state, effects}`; no
 * timers, no IO. The owner (session.ts) performs the effects and logs each transition.
 *
 *                offer            connected                     body
 *     asleep ─────────────> waking ─────────> live <─────> paused <─────> blind
 *        ^                   ^  │               │             │             │
 *        │ end, expired      │  │ expired, end  └─────────────┴─────┬───────┘
 *        │                   │  v                              lost v   ^ connected
 *        └───────────────────┼──┴──────────────────────────── interrupted
 *                            └── offer by the same device ┘  (from all three in class too)
 *
 * What the body says the machine follows, in every state. `paused` belongs to the teacher. And who
 * does not know whether the teacher has paused must not look: without a word of the body, or with a
 * teacher's button that does not work, nothing is seen, heard or spoken.
 */

import type { Visitor } from '../model/offer.ts';
import { type EndReason, inClass } from '../model/session-phase.ts';
import { INTERRUPTED_MS } from '../wire/limits.ts';

/** A pupil who was let in and never connects: the robot sleeps again after this. */
export const WAKING_MS = 20_000;

/** Whether the teacher's will is known. */
export type BodyWord =
  /** Firmware is not heard: not yet, not any more, or nothing that can be understood. */
  | 'away'
  /** Firmware is there, and no press could reach it. */
  | 'noButton'
  | 'well';

/** `paused`: as the body said last, which holds while it is away. */
interface Told {
  readonly paused: boolean;
  readonly body: BodyWord;
}

export type SessionState =
  /** Nobody is there; the camera has no power. The safe state. */
  | ({ readonly name: 'asleep' } & Told)
  /** A pupil was let in and media is on its way: the camera starts so that the picture is there. */
  | ({ readonly name: 'waking'; readonly pupil: Visitor } & Told)
  | {
      readonly name: 'live';
      readonly paused: false;
      readonly body: 'well';
      readonly pupil: Visitor;
    }
  /** Teacher's pause: the pupil stays, sees black and hears nothing. */
  | ({ readonly name: 'paused'; readonly paused: true; readonly pupil: Visitor } & Told)
  /** As in a pause, because nobody can say that there is none. */
  | ({ readonly name: 'blind'; readonly pupil: Visitor } & Told)
  /** The pupil's connection is gone and may come back; the camera is off meanwhile. */
  | ({ readonly name: 'interrupted'; readonly pupil: Visitor } & Told);

export type SessionEvent =
  /** An offer of a proven device, already answered by a new connection. */
  | { readonly type: 'offer'; readonly pupil: Visitor }
  | { readonly type: 'connected' }
  | { readonly type: 'lost' }
  /** The time that `arm` asked for has passed. */
  | { readonly type: 'expired' }
  /** The body speaks, or (`away`) does not any more. */
  | { readonly type: 'body'; readonly body: 'well' | 'noButton'; readonly paused: boolean }
  | { readonly type: 'bodyAway' }
  | { readonly type: 'end'; readonly why: EndReason };

export type SessionEffect =
  | { readonly do: 'admit' }
  | { readonly do: 'refuse' }
  /** The old connection is told `takenOver` and closed; the new one takes its place. */
  | { readonly do: 'replaceConnection' }
  /** The pupil is told why, and the connection closed. */
  | { readonly do: 'dismiss'; readonly why: EndReason }
  | { readonly do: 'openRecord' }
  | { readonly do: 'note'; readonly what: 'pause' | 'interruption' }
  | { readonly do: 'closeRecord'; readonly why: EndReason }
  | { readonly do: 'arm'; readonly ms: number }
  | { readonly do: 'disarm' };

export interface Step {
  readonly state: SessionState;
  readonly effects: readonly SessionEffect[];
}

export const atRest: SessionState = { name: 'asleep', paused: false, body: 'away' };

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
    case 'body':
      return onTold(state, { paused: event.paused, body: event.body });
    case 'bodyAway':
      return onTold(state, { paused: state.paused, body: 'away' });
    case 'end':
      return end(state, event.why);
  }
}

/** Would an offer of this device be taken now? */
export function admits(state: SessionState, device: string): boolean {
  return state.name === 'asleep' || state.pupil.device === device;
}

/**
 * May camera and microphone be used? Nobody sees or hears without a pupil, nor against the teacher's
 * will, nor while nobody knows it.
 */
export function cameraAllowed(state: SessionState): boolean {
  if (state.name === 'waking') return !state.paused && state.body === 'well';
  return state.name === 'live';
}

function stay(state: SessionState): Step {
  return { state, effects: [] };
}

function onOffer(state: SessionState, pupil: Visitor): Step {
  if (!admits(state, pupil.device)) return { state, effects: [{ do: 'refuse' }] };
  const fresh = state.name === 'asleep';
  return {
    state: { name: 'waking', ...told(state), pupil },
    effects: [
      { do: fresh ? 'openRecord' : 'replaceConnection' },
      { do: 'arm', ms: fresh ? WAKING_MS : INTERRUPTED_MS },
      { do: 'admit' },
    ],
  };
}

function onConnected(state: SessionState): Step {
  if (state.name !== 'waking' && state.name !== 'interrupted') return stay(state);
  return { state: attending(state.pupil, state), effects: [{ do: 'disarm' }] };
}

function onLost(state: SessionState): Step {
  if (state.name === 'asleep' || !inClass(state.name)) return stay(state);
  return {
    state: { name: 'interrupted', ...told(state), pupil: state.pupil },
    effects: [
      { do: 'note', what: 'interruption' },
      { do: 'arm', ms: INTERRUPTED_MS },
    ],
  };
}

function onTold(state: SessionState, now: Told): Step {
  if (state.paused === now.paused && state.body === now.body) return stay(state);
  if (state.name === 'asleep') return stay({ name: 'asleep', ...now });
  const effects: SessionEffect[] =
    now.paused && !state.paused ? [{ do: 'note', what: 'pause' }] : [];
  if (state.name === 'waking' || state.name === 'interrupted')
    return { state: { name: state.name, ...now, pupil: state.pupil }, effects };
  return { state: attending(state.pupil, now), effects };
}

function end(state: SessionState, why: EndReason): Step {
  if (state.name === 'asleep') return stay(state);
  return {
    state: { name: 'asleep', ...told(state) },
    effects: [{ do: 'disarm' }, { do: 'dismiss', why }, { do: 'closeRecord', why }],
  };
}

const told = ({ paused, body }: SessionState): Told => ({ paused, body });

/** A teacher's pause is what the pupil is told first; not while it is hearsay. */
function attending(pupil: Visitor, { paused, body }: Told): SessionState {
  if (body === 'away') return { name: 'blind', paused, body, pupil };
  if (paused) return { name: 'paused', paused, body, pupil };
  return body === 'well'
    ? { name: 'live', paused, body, pupil }
    : { name: 'blind', paused, body, pupil };
}
