import type { Mood, Presence } from '../link/schema.ts';

/** What the lights have to express. Their appearance is decided elsewhere. */
export interface Meaning {
  readonly presence: Presence;
  readonly mood: Mood;
  readonly hand: 'down' | 'up' | 'acknowledged';
  /** Teacher's pause. */
  readonly paused: boolean;
  /** Somebody looks for this robot. */
  readonly identify: boolean;
  /** The school lets support in. */
  readonly support: boolean;
  /** A fault that needs attention. */
  readonly fault: boolean;
  /** Under 10 % and not charging. */
  readonly batteryCritical: boolean;
}

export const DARK: Meaning = {
  presence: 'asleep',
  mood: 'neutral',
  hand: 'down',
  paused: false,
  identify: false,
  support: false,
  fault: false,
  batteryCritical: false,
};
