import { NONE, type Step } from '../core/state-machine.ts';
import { HAND_SEEN_MS } from '../link/schema.ts';

/**
 * What a finger on the teacher's button means. The pause is the teacher's, and no pupil and no agent
 * takes it away: a raised hand takes one press for itself and not the next, and a long press is
 * always a pause.
 */
type Press = {
  /** `down`: what else this press does is open. `spent`: nothing more, however long it lasts. */
  readonly name: 'up' | 'down' | 'spent';
  /** When the button went down last: when that was heard of, and by the finger's own time. */
  readonly sinceMs: number;
  readonly fingerMs: number;
  /** The press began in a pause, which ends when the finger leaves before a long press. */
  readonly resumes: boolean;
  /** Until then a press is no answer to a hand: the one before it was the teacher's as well. */
  readonly pausesUntilMs: number;
  /** Since when it is found down though no press was told; undefined: it is not. */
  readonly foundMs: number | undefined;
};

/**
 * `atMs` is when it is heard of; `fingerMs` when the finger moved, which is long before that where
 * the process was held up.
 */
export type PressEvent =
  | (Heard & { readonly type: 'pressed' | 'released'; readonly fingerMs: number })
  | (Heard & { readonly type: 'tick' })
  /** What the button said when it was asked. `sure`: no press can be on its way to be told. */
  | (Heard & { readonly type: 'asked'; readonly down: boolean; readonly sure: boolean });

interface Heard {
  readonly atMs: number;
  readonly now: PressContext;
}

export interface PressContext {
  readonly paused: boolean;
  /** The class is shown a raised hand. */
  readonly handUp: boolean;
}

type PressEffect = 'acknowledge' | 'pause' | 'resume';

/** A press of this length pauses, while the finger is still down. */
export const LONG_PRESS_MS = 1_000;
/** Longer than a press takes to be told. */
const UNTOLD_MS = 150;
/** Whoever presses twice in a row does not mean a hand that went up in between. */
export const IN_A_ROW_MS = 2_000;

export const PRESS_START: Press = {
  name: 'up',
  sinceMs: Number.NEGATIVE_INFINITY,
  fingerMs: Number.NEGATIVE_INFINITY,
  resumes: false,
  pausesUntilMs: Number.NEGATIVE_INFINITY,
  foundMs: undefined,
};

export const stepPress: Step<Press, PressEvent, PressEffect> = (state, event) => {
  switch (event.type) {
    case 'pressed':
      return pressed(state, event);
    case 'released':
      return released(state, event);
    case 'tick': {
      const isLong = state.name === 'down' && event.atMs - state.sinceMs >= LONG_PRESS_MS;
      return isLong ? longPress(state, event.now) : { state, effects: NONE };
    }
    case 'asked':
      return asked(state, event);
  }
};

type Moved = Extract<PressEvent, { type: 'pressed' | 'released' }>;
type Asked = Extract<PressEvent, { type: 'asked' }>;

function pressed(state: Press, { atMs, fingerMs, now: { paused, handUp } }: Moved) {
  const begun: Press = {
    ...{ ...state, sinceMs: atMs, fingerMs },
    ...{ resumes: false, foundMs: undefined },
  };
  const spent: Press = { ...begun, name: 'spent' };
  // The release was lost: a press of which so little is known opens no camera.
  if (paused && state.name !== 'up') return { state: spent, effects: NONE };
  if (paused) return { state: { ...begun, name: 'down' as const, resumes: true }, effects: NONE };
  if (!handUp || atMs < state.pausesUntilMs) return { state: spent, effects: PAUSE };
  const pausesUntilMs = atMs + HAND_SEEN_MS;
  return { state: { ...begun, name: 'down' as const, pausesUntilMs }, effects: ACKNOWLEDGE };
}

function released(state: Press, { atMs, fingerMs, now }: Moved) {
  // Nobody may have looked while it lasted.
  if (state.name === 'down' && fingerMs - state.fingerMs >= LONG_PRESS_MS) {
    const { effects } = longPress(state, now);
    return { state: { ...state, name: 'up' as const }, effects };
  }
  if (state.name !== 'down' || !state.resumes || !now.paused)
    return { state: { ...state, name: 'up' as const }, effects: NONE };
  const pausesUntilMs = atMs + IN_A_ROW_MS;
  return { state: { ...state, name: 'up' as const, pausesUntilMs }, effects: RESUME };
}

/** A press that nobody told, as its line or this process was away when it began, pauses too. */
function asked(state: Press, { atMs, down, sure, now: { paused } }: Asked) {
  if (!down || state.name !== 'up')
    return { state: { ...state, foundMs: undefined }, effects: NONE };
  const { foundMs = atMs } = state;
  if (!sure && atMs - foundMs < UNTOLD_MS) return { state: { ...state, foundMs }, effects: NONE };
  const spent: Press = { ...state, name: 'spent', foundMs: undefined };
  return { state: spent, effects: paused ? NONE : PAUSE };
}

function longPress(state: Press, { paused }: PressContext) {
  return { state: { ...state, name: 'spent' as const }, effects: paused ? NONE : PAUSE };
}

const PAUSE = ['pause'] as const;
const ACKNOWLEDGE = ['acknowledge'] as const;
const RESUME = ['resume'] as const;
