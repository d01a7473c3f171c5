import { withoutEffects } from '../core/state-machine.ts';
import { HAND_SEEN_MS } from '../link/schema.ts';

/** The pupil's raised hand, as the class is shown it. */
type Hand =
  /** Dark. A hand is shown again from `mayRiseMs` on, however often the agent raises it. */
  | { readonly name: 'down'; readonly mayRiseMs: number }
  | { readonly name: 'up'; readonly sinceMs: number }
  /**
   * The teacher has seen it, and that is shown for a while; `lowered`: the agent took it down. A hand
   * that is raised meanwhile is up right after.
   */
  | { readonly name: 'acknowledged'; readonly untilMs: number; readonly lowered: boolean }
  /** Dark, though the agent never took the hand down: the same hand is not raised twice. */
  | { readonly name: 'answered' };

type HandEvent =
  /** What the agent wants, each time it says so. */
  | { readonly type: 'desired'; readonly up: boolean; readonly atMs: number }
  /** The teacher has seen it. */
  | { readonly type: 'acknowledge'; readonly atMs: number }
  /** Nobody wants a hand any more: the agent is silent, or another one came. */
  | { readonly type: 'forget' }
  /** The teacher paused: that is what the class is shown now. */
  | { readonly type: 'paused' }
  | { readonly type: 'tick'; readonly atMs: number };

export const HAND_START: Hand = { name: 'down', mayRiseMs: Number.NEGATIVE_INFINITY };

/** A hand goes up once a second at most: the light must say something, not flash. */
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
      return shown(state, Number.POSITIVE_INFINITY);
    case 'tick':
      return shown(state, event.atMs);
  }
});

/** Ends what has been shown for long enough. */
function shown(state: Hand, atMs: number): Hand {
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
