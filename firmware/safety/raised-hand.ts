import { withoutEffects } from '../core/state-machine.ts';
import { HAND_SEEN_MS } from '../link/schema.ts';

/** The pupil's raised hand, as shown to the class. */
type Hand =
  /** Dark. A raised hand is shown from `mayRiseMs` on at the earliest. */
  | { readonly name: 'down'; readonly mayRiseMs: number }
  | { readonly name: 'up'; readonly sinceMs: number }
  /**
   * The teacher has acknowledged it, which is shown for a while; `lowered`: the agent has lowered
   * it since. A hand raised again meanwhile is shown afterwards.
   */
  | { readonly name: 'acknowledged'; readonly untilMs: number; readonly lowered: boolean }
  /** Dark, although the agent has not lowered the hand: the same hand is not shown twice. */
  | { readonly name: 'answered' };

type HandEvent =
  /** From each `desired` of the agent. */
  | { readonly type: 'desired'; readonly up: boolean; readonly atMs: number }
  /** The teacher acknowledged it. */
  | { readonly type: 'acknowledge'; readonly atMs: number }
  /** The agent is silent or was replaced. */
  | { readonly type: 'forget' }
  /** The teacher paused: the lights show the pause instead. */
  | { readonly type: 'paused' }
  | { readonly type: 'tick'; readonly atMs: number };

export const HAND_START: Hand = { name: 'down', mayRiseMs: Number.NEGATIVE_INFINITY };

/** Minimum interval between two raised hands, so that the light does not flash. */
const RAISE_EVERY_MS = 1_000;

export const stepHand = withoutEffects<Hand, HandEvent>((state, event) => {
  switch (event.type) {
    case 'desired':
      return desired(state, event.up, event.atMs);
    case 'acknowledge':
      if (state.name !== 'up') return state;
      return { name: 'acknowledged', untilMs: event.atMs + HAND_SEEN_MS, lowered: false };
    case 'forget':
      return state.name === 'up' ? lowered(state) : HAND_START;
    case 'paused':
      return expire(state, Number.POSITIVE_INFINITY);
    case 'tick':
      return expire(state, event.atMs);
  }
});

/** Ends the acknowledgement after its display time. */
function expire(state: Hand, atMs: number): Hand {
  if (state.name !== 'acknowledged' || atMs < state.untilMs) return state;
  return state.lowered ? HAND_START : ANSWERED;
}

function desired(state: Hand, up: boolean, atMs: number): Hand {
  switch (state.name) {
    case 'down':
      return up && atMs >= state.mayRiseMs ? { name: 'up', sinceMs: atMs } : state;
    case 'up':
      return up ? state : lowered(state);
    case 'acknowledged':
      return up || state.lowered ? state : { ...state, lowered: true };
    case 'answered':
      return up ? state : HAND_START;
  }
}

const lowered = ({ sinceMs }: Extract<Hand, { name: 'up' }>): Hand => ({
  name: 'down',
  mayRiseMs: sinceMs + RAISE_EVERY_MS,
});

const ANSWERED: Hand = { name: 'answered' };
