/**
 * Pairing as a value: `(state, event) -> {state, effects}`; no timers, no I/O. The owner (pairing.ts)
 * performs the effects and logs each transition.
 *
 *              pair                accepted
 *     closed ───────> reading ────────────────> done
 *        ^               │                        │
 *        └───────────────┴────────────────────────┘
 *         minute over, not admitted any more, or the moment of `done` over
 */
import { type Mood, PAIRING_MS } from '../../firmware/link/schema.ts';
import type { Scanning } from '../model/scanning.ts';

/** The eyes answer a code for this long. */
export const FACE_MS = 2_500;

export type PairingState =
  | { readonly name: 'closed' }
  /** The camera looks for codes. */
  | { readonly name: 'reading'; readonly mood: Mood }
  /** A code was accepted: the camera is off again, the eyes are happy for a moment. */
  | { readonly name: 'done' };

/** What came of a code. `unknown`: nothing that a robot reads. */
export type CodeOutcome = 'accepted' | 'refused' | 'unknown';

export type PairingEvent =
  /** The pair button was held. `may`: the admission's verdict. */
  | { readonly type: 'pair'; readonly may: boolean }
  /** The facts of admission changed. */
  | { readonly type: 'facts'; readonly may: boolean }
  | { readonly type: 'code'; readonly outcome: CodeOutcome }
  /** A timer set by `arm` has expired. */
  | { readonly type: 'expired'; readonly timer: PairingTimer };

export type PairingTimer = 'window' | 'face';

export type PairingEffect =
  | { readonly do: 'arm'; readonly timer: PairingTimer; readonly ms: number }
  | { readonly do: 'disarm'; readonly timer: PairingTimer }
  /** Codes seen before count no longer. */
  | { readonly do: 'forget' };

interface Step {
  readonly state: PairingState;
  readonly effects: readonly PairingEffect[];
}

export const pairingClosed: PairingState = { name: 'closed' };

export function stepPairing(state: PairingState, event: PairingEvent): Step {
  switch (event.type) {
    case 'pair':
      return event.may ? begin() : { state, effects: [] };
    case 'facts':
      return event.may || state.name === 'closed' ? { state, effects: [] } : close();
    case 'code':
      return state.name === 'reading' ? answer(event.outcome) : { state, effects: [] };
    case 'expired':
      return expired(state, event.timer);
  }
}

/** What session and body are to show; undefined: nothing of it. */
export function scanningOf(state: PairingState): Scanning | undefined {
  if (state.name === 'closed') return undefined;
  if (state.name === 'done') return { mood: 'happy', looking: false };
  return { mood: state.mood, looking: true };
}

function begin(): Step {
  return {
    state: { name: 'reading', mood: 'neutral' },
    effects: [
      { do: 'forget' },
      { do: 'disarm', timer: 'face' },
      { do: 'arm', timer: 'window', ms: PAIRING_MS },
    ],
  };
}

function close(): Step {
  return {
    state: pairingClosed,
    effects: [{ do: 'disarm', timer: 'window' }, { do: 'disarm', timer: 'face' }, { do: 'forget' }],
  };
}

function answer(outcome: CodeOutcome): Step {
  const face: PairingEffect = { do: 'arm', timer: 'face', ms: FACE_MS };
  if (outcome === 'accepted') return { state: { name: 'done' }, effects: [face] };
  const mood = outcome === 'unknown' ? 'confused' : 'sad';
  return { state: { name: 'reading', mood }, effects: [face] };
}

function expired(state: PairingState, timer: PairingTimer): Step {
  if (state.name === 'closed') return { state, effects: [] };
  if (timer === 'window' || state.name === 'done') return close();
  return { state: { name: 'reading', mood: 'neutral' }, effects: [] };
}
