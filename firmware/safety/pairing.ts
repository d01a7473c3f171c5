import { NONE, type Step } from '../core/state-machine.ts';
import { PAIRING_MS } from '../link/schema.ts';

/**
 * The time in which the camera may read codes without a session. Only somebody at the robot begins
 * it, by holding the pair button; no message of the agent does, and none prolongs it.
 */
export type Pairing =
  | { readonly name: 'closed' }
  | { readonly name: 'open'; readonly untilMs: number };

export type PairingEvent =
  /** The pair button was held. `free`: no session, no pause, and an agent that is heard. */
  | { readonly type: 'held'; readonly atMs: number; readonly free: boolean }
  /** The pair button was pressed once more. */
  | { readonly type: 'pressed' }
  /** Each tick. */
  | { readonly type: 'tick'; readonly atMs: number; readonly free: boolean };

export const stepPairing: Step<Pairing, PairingEvent, never> = (state, event) => {
  switch (event.type) {
    case 'held':
      if (!event.free) return { state: CLOSED, effects: NONE };
      return { state: { name: 'open', untilMs: event.atMs + PAIRING_MS }, effects: NONE };
    case 'pressed':
      return { state: CLOSED, effects: NONE };
    case 'tick': {
      const over = state.name === 'open' && (!event.free || event.atMs >= state.untilMs);
      return { state: over ? CLOSED : state, effects: NONE };
    }
  }
};

export const CLOSED: Pairing = { name: 'closed' };
