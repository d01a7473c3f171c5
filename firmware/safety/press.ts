import { HAND_SEEN_MS } from '../link/schema.ts';
import { NONE, type Step } from './machine.ts';

/**
 * What a finger on the teacher's button means. The pause is the teacher's, and no pupil and no agent
 * takes it away: a raised hand takes one press for itself and not the next, and a long press is
 * always a pause.
 */
export type Press = {
  /** `down`: what else this press does is open. `spent`: nothing more, however long it lasts. */
  readonly name: 'up' | 'down' | 'spent';
  /** When the button went down last. */
  readonly sinceMs: number;
  /** The press began in a pause, which ends when the finger leaves before a long press. */
  readonly resumes: boolean;
  /** Until then a press is no answer to a hand: the one before it was the teacher's as well. */
  readonly pausesUntilMs: number;
};

export type PressEvent =
  | { readonly type: 'pressed'; readonly atMs: number; readonly now: PressContext }
  | { readonly type: 'released'; readonly atMs: number; readonly now: PressContext }
  | { readonly type: 'tick'; readonly atMs: number; readonly now: PressContext };

export interface PressContext {
  readonly paused: boolean;
  /** The class is shown a raised hand. */
  readonly handUp: boolean;
}

export type PressEffect = 'acknowledge' | 'pause' | 'resume';

/** A press of this length pauses, while the finger is still down. */
export const LONG_PRESS_MS = 1_000;
/** Whoever presses twice in a row does not mean a hand that went up in between. */
export const IN_A_ROW_MS = 2_000;

export const PRESS_START: Press = {
  name: 'up',
  sinceMs: Number.NEGATIVE_INFINITY,
  resumes: false,
  pausesUntilMs: Number.NEGATIVE_INFINITY,
};

export const stepPress: Step<Press, PressEvent, PressEffect> = (state, event) => {
  switch (event.type) {
    case 'pressed':
      return pressed(state, event.atMs, event.now);
    case 'released':
      return released(state, event.atMs, event.now);
    case 'tick':
      return isLong(state, event.atMs) ? longPress(state, event.now) : { state, effects: NONE };
  }
};

function pressed(state: Press, atMs: number, { paused, handUp }: PressContext) {
  const begun: Press = { ...state, sinceMs: atMs, resumes: false };
  const spent: Press = { ...begun, name: 'spent' };
  // The release was lost: a press of which so little is known opens no camera.
  if (paused && state.name !== 'up') return { state: spent, effects: NONE };
  if (paused) return { state: { ...begun, name: 'down' as const, resumes: true }, effects: NONE };
  if (!handUp || atMs < state.pausesUntilMs) return { state: spent, effects: PAUSE };
  const pausesUntilMs = atMs + HAND_SEEN_MS;
  return { state: { ...begun, name: 'down' as const, pausesUntilMs }, effects: ACKNOWLEDGE };
}

function released(state: Press, atMs: number, now: PressContext) {
  // The loop may have been too busy to see a long press while it lasted.
  if (isLong(state, atMs)) {
    const { effects } = longPress(state, now);
    return { state: { ...state, name: 'up' as const }, effects };
  }
  if (state.name !== 'down' || !state.resumes || !now.paused)
    return { state: { ...state, name: 'up' as const }, effects: NONE };
  const pausesUntilMs = atMs + IN_A_ROW_MS;
  return { state: { ...state, name: 'up' as const, pausesUntilMs }, effects: RESUME };
}

function longPress(state: Press, { paused }: PressContext) {
  return { state: { ...state, name: 'spent' as const }, effects: paused ? NONE : PAUSE };
}

const isLong = ({ name, sinceMs }: Press, atMs: number): boolean =>
  name === 'down' && atMs - sinceMs >= LONG_PRESS_MS;

const PAUSE = ['pause'] as const;
const ACKNOWLEDGE = ['acknowledge'] as const;
const RESUME = ['resume'] as const;
