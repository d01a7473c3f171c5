import { NONE, type Step } from '../core/machine.ts';
import { HAND_SEEN_MS } from '../link/schema.ts';

/** The pupil's raised hand, as the class is shown it. */
export type Hand =
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

export type HandEvent =
  /** What the agent wants, each time it says so. */
  | { readonly type: 'wanted'; readonly up: boolean; readonly atMs: number }
  /** The teacher has seen it. */
  | { readonly type: 'acknowledge'; readonly atMs: number }
  /** Nobody wants a hand any more: the agent is silent, or another one came. */
  | { readonly type: 'forget' }
  /** The teacher paused: that is what the class is shown now. */
  | { readonly type: 'paused' }
  | { readonly type: 'tick'; readonly atMs: number };

export const HAND_START: Hand = { name: 'down', mayRiseMs: Number.NEGATIVE_INFINITY };

/** A hand goes up once a second at most: the light must say something, not flash. */
export const RAISE_EVERY_MS = 1_000;

export const stepHand: Step<Hand, HandEvent, never> = (state, event) => {
  switch (event.type) {
    case 'wanted':
      return { state: wanted(state, event.up, event.atMs), effects: NONE };
    case 'acknowledge':
      if (state.name !== 'up') return { state, effects: NONE };
      return {
        state: { name: 'acknowledged', untilMs: event.atMs + HAND_SEEN_MS, lowered: false },
        effects: NONE,
      };
    case 'forget':
      return { state: state.name === 'up' ? lowered(state) : HAND_START, effects: NONE };
    case 'paused':
      return { state: shown(state, Number.POSITIVE_INFINITY), effects: NONE };
    case 'tick':
      return { state: shown(state, event.atMs), effects: NONE };
  }
};

/** Ends what has been shown for long enough. */
function shown(state: Hand, atMs: number): Hand {
  if (state.name !== 'acknowledged' || atMs < state.untilMs) return state;
  return state.lowered ? HAND_START : ANSWERED;
}

function wanted(state: Hand, up: boolean, atMs: number): Hand {
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
