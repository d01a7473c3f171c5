/**
 * How a client gets into class and stays there, as a value: no timers and no I/O inside, the owner
 * (lesson.ts) performs the effects.
 *
 *   entering ──entered──> inClass ──lost──> mending ──unmended──> waiting ──again──> entering ...
 *      │                     ^                 │
 *      │                     └─────mended──────┘
 *      └──failed──> over (refused), or waiting when it is worth another try
 *
 * `mending` is an ICE restart of the existing call: the network changed, but
 * both ends are as they were. A call that cannot be mended is replaced by a new one, and so is one
 * whose path was cut.
 *
 * `over` is the safe state: nothing is sent and nothing is open.
 */
import type { EndReason } from '../wire/control.ts';
import type { NextLesson } from '../wire/next-lesson.ts';
import type { AccessProblem, ConnectionState } from './api.ts';

export type LessonState =
  /** `lostAtMs` is undefined until the pupil has been in class. `attempt` from 1. */
  | { name: 'entering'; attempt: number; lostAtMs: number | undefined }
  | { name: 'waiting'; attempt: number; lostAtMs: number | undefined }
  | { name: 'inClass' }
  | { name: 'mending'; lostAtMs: number }
  | { name: 'over'; outcome: ConnectionState };

export type LessonEvent =
  | { name: 'entered' }
  | { name: 'failed'; reason: AccessProblem; nextLesson?: NextLesson }
  /** The robot is silent; `mendable`: the call itself still exists, ICE can be restarted. */
  | { name: 'lost'; mendable: boolean }
  /** The network or connection state changed: restart ICE before the path is lost. */
  | { name: 'shaken'; fresh: boolean }
  /** The network changed, and nothing arrives over the old path. */
  | { name: 'cut' }
  /** The robot is heard again. */
  | { name: 'mended' }
  /** No new path was found, or (`gone`) the robot no longer knows the call. */
  | { name: 'unmended'; gone: boolean }
  | { name: 'again' }
  | { name: 'ended'; why: EndReason; nextLesson?: NextLesson }
  | { name: 'left' };

export type LessonEffect =
  | { do: 'enter' }
  /** Restarts ICE of the call. `fresh`: over a new signalling connection, as the old one is dead too. */
  | { do: 'mend'; fresh: boolean }
  /** Raises `unmended` after this time, unless the state has changed by then. */
  | { do: 'giveUpMending'; ms: number }
  | { do: 'wait'; ms: number }
  /** The signalling connection is dead: the next call opens another. */
  | { do: 'dropLine' }
  /** Drops the connection, keeps the signalling connection. */
  | { do: 'hangUp' }
  | { do: 'close' };

type Outcome = Extract<ConnectionState, { name: 'refused' | 'ended' }>;

export interface LessonStep {
  readonly state: LessonState;
  readonly effects: readonly LessonEffect[];
}

/** The first try after a loss is immediate: most losses are a change of network. */
const BACKOFF_MS = [0, 500, 1_000, 2_000, 4_000, 5_000];
/** The robot keeps the pupil's place for 30 s; after that it may still be free. */
const GIVE_UP_MS = 5 * 60_000;
/** ICE over a slow relay takes a few seconds; a new call takes no longer, and then begins. */
const MEND_MS = 7_000;
/** Tries of somebody who was never in class, for refusals that pass by themselves. */
const MAX_FIRST_TRIES = 4;
/** Tries of somebody who was let in and whose call did not open: a busy device, a slow relay. */
const MAX_FIRST_CALLS = 2;

export const firstStep: LessonStep = {
  state: { name: 'entering', attempt: 1, lostAtMs: undefined },
  effects: [{ do: 'enter' }],
};

export function stepLesson(state: LessonState, event: LessonEvent, nowMs: number): LessonStep {
  if (state.name === 'over') return { state, effects: [] };
  switch (event.name) {
    case 'left':
      return over({ name: 'ended', why: 'hangUp' });
    case 'ended':
      return over(event);
    case 'entered':
      return state.name === 'entering' ? { state: { name: 'inClass' }, effects: [] } : stay(state);
    case 'lost':
      return onLost(state, event.mendable, nowMs);
    case 'shaken':
      return state.name === 'inClass' || state.name === 'mending'
        ? { state, effects: [{ do: 'mend', fresh: event.fresh }] }
        : stay(state);
    case 'cut':
      return onCut(state, nowMs);
    case 'mended':
      return state.name === 'mending' ? { state: { name: 'inClass' }, effects: [] } : stay(state);
    case 'unmended':
      return onUnmended(state, event.gone, nowMs);
    case 'again':
      return state.name === 'waiting'
        ? { state: { ...state, name: 'entering' }, effects: [{ do: 'enter' }] }
        : stay(state);
    case 'failed':
      return state.name === 'entering' ? afterFailure(state, event, nowMs) : stay(state);
  }
}

function onLost(state: LessonState, mendable: boolean, nowMs: number): LessonStep {
  if (state.name === 'mending') return mendable ? stay(state) : wait(1, state.lostAtMs);
  if (state.name !== 'inClass') return stay(state);
  if (!mendable) return wait(1, nowMs);
  return {
    state: { name: 'mending', lostAtMs: nowMs },
    effects: [
      { do: 'mend', fresh: false },
      { do: 'giveUpMending', ms: MEND_MS },
    ],
  };
}

/**
 * A browser keeps a dead path for seconds, whatever else a restart found
 * (Chromium for six); a new call is there in one or two.
 */
function onCut(state: LessonState, nowMs: number): LessonStep {
  if (state.name !== 'inClass' && state.name !== 'mending') return stay(state);
  const anew = wait(1, state.name === 'mending' ? state.lostAtMs : nowMs);
  return { ...anew, effects: [{ do: 'dropLine' }, ...anew.effects] };
}

function onUnmended(state: LessonState, gone: boolean, nowMs: number): LessonStep {
  if (state.name === 'mending') return wait(1, state.lostAtMs);
  // Still heard, though no new path was found: nothing is lost yet.
  return state.name === 'inClass' && gone ? wait(1, nowMs) : stay(state);
}

function afterFailure(
  { attempt, lostAtMs }: Extract<LessonState, { name: 'entering' }>,
  { reason, nextLesson }: Extract<LessonEvent, { name: 'failed' }>,
  nowMs: number,
): LessonStep {
  const final = lostAtMs === undefined ? refusal(reason, attempt) : ending(reason);
  if (final) return over({ ...final, ...(nextLesson && { nextLesson }) });
  if (lostAtMs !== undefined && nowMs - lostAtMs > GIVE_UP_MS)
    return over({ name: 'ended', why: 'lost' });
  return wait(attempt + 1, lostAtMs);
}

/** Of somebody who asks for the first time; undefined when another try may help. */
function refusal(reason: AccessProblem, attempt: number): Outcome | undefined {
  const passes = reason === 'staleChallenge' || reason === 'tooMany';
  if (passes && attempt < MAX_FIRST_TRIES) return undefined;
  if (reason === 'failed' && attempt < MAX_FIRST_CALLS) return undefined;
  const ours = reason === 'locked' || reason === 'notBound' || reason === 'left';
  return { name: 'refused', reason: ours ? 'failed' : reason };
}

/** Of somebody who was in class: only what cannot pass ends it. */
function ending(reason: AccessProblem): Outcome | undefined {
  if (reason === 'unknownDevice') return { name: 'ended', why: 'revoked' };
  if (reason === 'inUse') return { name: 'ended', why: 'takenOver' };
  if (reason === 'notInLesson') return { name: 'ended', why: 'lessonOver' };
  if (reason === 'forgedRobot') return { name: 'refused', reason };
  return undefined;
}

function wait(attempt: number, lostAtMs: number | undefined): LessonStep {
  const ms = BACKOFF_MS[Math.min(attempt, BACKOFF_MS.length) - 1] ?? 0;
  return {
    state: { name: 'waiting', attempt, lostAtMs },
    effects: [{ do: 'hangUp' }, { do: 'wait', ms }],
  };
}

const stay = (state: LessonState): LessonStep => ({ state, effects: [] });
const over = (outcome: ConnectionState): LessonStep => ({
  state: { name: 'over', outcome },
  effects: [{ do: 'close' }],
});
