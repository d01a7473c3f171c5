import { NONE, type Step } from '../core/state-machine.ts';
import { HAND_SEEN_MS } from '../link/schema.ts';

/**
 * Meaning of presses of the teacher's button. Neither pupil nor agent can prevent a pause: a raised
 * hand consumes one press but not the next, and a long press always pauses.
 */
type Press = {
  /**
   * `down`: this press may still have an effect. `spent`: no further effect, however long it lasts.
   */
  readonly name: 'up' | 'down' | 'spent';
  /** The last press: when it was handled, and the time of its edge. */
  readonly sinceMs: number;
  readonly fingerMs: number;
  /** The press began during a pause, which a release before LONG_PRESS_MS ends. */
  readonly resumes: boolean;
  /** Until then a press pauses rather than acknowledging a hand: it follows another press. */
  readonly pausesUntilMs: number;
  /** Since when polling finds it down without a press event; undefined: it does not. */
  readonly foundMs: number | undefined;
};

/**
 * `atMs`: when the event is handled; `fingerMs`: time of the edge, which is much earlier if the
 * process was blocked.
 */
export type PressEvent =
  | (Timed & { readonly type: 'pressed' | 'released'; readonly fingerMs: number })
  | (Timed & { readonly type: 'tick' })
  /** The level found by polling. `sure`: no edge event can still be pending. */
  | (Timed & { readonly type: 'asked'; readonly down: boolean; readonly sure: boolean });

interface Timed {
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
/** Longer than the delivery of an edge event takes. */
const MISSED_EDGE_MS = 150;
/** A second press within this is not meant for a hand raised in between. */
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

type EdgeEvent = Extract<PressEvent, { type: 'pressed' | 'released' }>;
type PolledEvent = Extract<PressEvent, { type: 'asked' }>;

function pressed(state: Press, { atMs, fingerMs, now: { paused, handUp } }: EdgeEvent) {
  const begun: Press = {
    ...{ ...state, sinceMs: atMs, fingerMs },
    ...{ resumes: false, foundMs: undefined },
  };
  const spent: Press = { ...begun, name: 'spent' };
  // The release was lost: an uncertain press must not resume the camera.
  if (paused && state.name !== 'up') return { state: spent, effects: NONE };
  if (paused) return { state: { ...begun, name: 'down' as const, resumes: true }, effects: NONE };
  if (!handUp || atMs < state.pausesUntilMs) return { state: spent, effects: PAUSE };
  const pausesUntilMs = atMs + HAND_SEEN_MS;
  return { state: { ...begun, name: 'down' as const, pausesUntilMs }, effects: ACKNOWLEDGE };
}

function released(state: Press, { atMs, fingerMs, now }: EdgeEvent) {
  // No tick may have run during the press.
  if (state.name === 'down' && fingerMs - state.fingerMs >= LONG_PRESS_MS) {
    const { effects } = longPress(state, now);
    return { state: { ...state, name: 'up' as const }, effects };
  }
  if (state.name !== 'down' || !state.resumes || !now.paused)
    return { state: { ...state, name: 'up' as const }, effects: NONE };
  const pausesUntilMs = atMs + IN_A_ROW_MS;
  return { state: { ...state, name: 'up' as const, pausesUntilMs }, effects: RESUME };
}

/**
 * A press without an event, because its line or this process was down when it began, pauses too.
 */
function asked(state: Press, { atMs, down, sure, now: { paused } }: PolledEvent) {
  if (!down || state.name !== 'up')
    return { state: { ...state, foundMs: undefined }, effects: NONE };
  const { foundMs = atMs } = state;
  if (!sure && atMs - foundMs < MISSED_EDGE_MS)
    return { state: { ...state, foundMs }, effects: NONE };
  const spent: Press = { ...state, name: 'spent', foundMs: undefined };
  return { state: spent, effects: paused ? NONE : PAUSE };
}

function longPress(state: Press, { paused }: PressContext) {
  return { state: { ...state, name: 'spent' as const }, effects: paused ? NONE : PAUSE };
}

const PAUSE = ['pause'] as const;
const ACKNOWLEDGE = ['acknowledge'] as const;
const RESUME = ['resume'] as const;
