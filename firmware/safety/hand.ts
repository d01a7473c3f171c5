import { NONE, type Step } from './machine.ts';

/** The pupil's raised hand, and whether the teacher has answered it. */
export interface Hand {
  readonly name: 'down' | 'up' | 'acknowledged';
}

export type HandEvent =
  /** What the agent wants, each time it says so. */
  | { readonly type: 'wanted'; readonly up: boolean }
  /** The teacher's button. */
  | { readonly type: 'press' };

/** `pause`: the press was not about the hand. */
export type HandEffect = 'acknowledged' | 'pause';

export const HAND_START: Hand = { name: 'down' };
const UP: Hand = { name: 'up' };
const ACKNOWLEDGED: Hand = { name: 'acknowledged' };

export const stepHand: Step<Hand, HandEvent, HandEffect> = (state, event) => {
  if (event.type === 'press') {
    // A second press pauses even if the agent is slow to take the hand down.
    if (state.name !== 'up') return { state, effects: ['pause'] };
    return { state: ACKNOWLEDGED, effects: ['acknowledged'] };
  }
  if (!event.up) return { state: HAND_START, effects: NONE };
  return { state: state.name === 'down' ? UP : state, effects: NONE };
};
