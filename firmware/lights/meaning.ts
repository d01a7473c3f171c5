import type { Mood, Presence } from '../link/schema.ts';

/** All that the lights say, as the class sees it. What it looks like is decided elsewhere. */
export interface Meaning {
  readonly presence: Presence;
  readonly mood: Mood;
  readonly hand: 'down' | 'up' | 'acknowledged';
  /** Teacher's pause. */
  readonly paused: boolean;
  /** A fault that people have to do something about. */
  readonly fault: boolean;
  /** Under 10 % and not charging. */
  readonly batteryCritical: boolean;
}

export const DARK: Meaning = {
  presence: 'asleep',
  mood: 'neutral',
  hand: 'down',
  paused: false,
  fault: false,
  batteryCritical: false,
};
