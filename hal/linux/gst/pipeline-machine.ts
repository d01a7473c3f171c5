/**
 * The life of a pipeline in a process of its own, as a value. At any moment there is at most one
 * process: a new one is opened only after the last one has ended, or could not even be killed (the
 * kernel holds it in a driver that hangs), which is a fault.
 *
 *   stopped -> opening -> starting -> running <-> quiet
 *                 ^  \________|__________|_________/
 *                 |       failed / silent / overdue
 *                 +--- resting <-- (ending) <-+
 */
export type PipelineState =
  | { readonly name: 'stopped' }
  /** The plan is being made and the process started. */
  | ({ readonly name: 'opening' } & Trouble)
  /** The process is there, no data yet. */
  | ({ readonly name: 'starting' } & Trouble)
  | ({ readonly name: 'running' } & Trouble)
  /** Data has stopped; the process is there, and may go on by itself. */
  | ({ readonly name: 'quiet' } & Trouble)
  /** The process was told to end. */
  | ({ readonly name: 'ending'; readonly next: 'stopped' | 'opening' | 'resting' } & Trouble)
  /** Nothing is there; the next attempt comes after a pause. */
  | ({ readonly name: 'resting' } & Trouble);

interface Trouble {
  /** Attempts in a row that came to nothing. */
  readonly failures: number;
  /** A fault was told, and no data has come since. */
  readonly faulty: boolean;
}

export type PipelineEvent =
  /** Wanted, or wanted otherwise than before. */
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  | { readonly type: 'opened' }
  /** It could not be opened, or has ended by itself. `waits`: that is no fault for now. */
  | { readonly type: 'failed'; readonly why: string; readonly waits?: boolean }
  | { readonly type: 'data' }
  /** Data has flowed for long enough to call earlier failures past. */
  | { readonly type: 'steady' }
  /** No data for as long as the last `watch` said. `why`: when that is a fault. */
  | { readonly type: 'silent'; readonly why: string | undefined }
  /** What comes from it is not what it should be. */
  | { readonly type: 'broken'; readonly why: string }
  /** The process that was told to end has ended. */
  | { readonly type: 'ended' }
  /** Opening or ending takes longer than it ever should. `why`: for people. */
  | { readonly type: 'overdue'; readonly why: string }
  | { readonly type: 'rested' }
  /** Something about the device has changed: worth an attempt now. */
  | { readonly type: 'changed' };

export type PipelineEffect =
  /** `overdue` when it is not open in time. */
  | { readonly do: 'open' }
  /** `overdue` when it has not ended in time. */
  | { readonly do: 'end' }
  /** It is killed once more, and whatever still comes of it is not heard. */
  | { readonly do: 'abandon' }
  | { readonly do: 'rest'; readonly ms: number }
  /** Expects data: `first` after the start, `next` while it flows, `again` once it has stopped. */
  | { readonly do: 'watch'; readonly for: 'first' | 'next' | 'again' }
  | {
      readonly do: 'tell';
      readonly state: 'idle' | 'waiting' | 'running' | 'fault';
      readonly why: string;
    };

interface Stepped {
  readonly state: PipelineState;
  readonly effects: readonly PipelineEffect[];
}

/** Half a second after the first failure, then twice as long each time, at most five. */
export function restMs(failures: number): number {
  return Math.min(5_000, 500 * 2 ** Math.max(0, failures - 1));
}

const FRESH: Trouble = { failures: 0, faulty: false };
const waiting: PipelineEffect = { do: 'tell', state: 'waiting', why: 'no data yet' };

export function stepPipeline(state: PipelineState, event: PipelineEvent): Stepped {
  if (event.type === 'stop') return stop(state);
  if (event.type === 'start') return start(state);
  switch (state.name) {
    case 'stopped':
      return { state, effects: [] };
    case 'opening':
      if (event.type === 'opened')
        return {
          state: { ...state, name: 'starting' },
          effects: [{ do: 'watch', for: 'first' }],
        };
      if (event.type === 'overdue') return replace(state, event.why);
      return event.type === 'failed' ? failed(state, event) : { state, effects: [] };
    case 'starting':
    case 'running':
    case 'quiet':
      return live(state, event);
    case 'ending':
      if (event.type === 'overdue') return abandoned(state, event.why);
      return event.type === 'ended' ? ended(state) : { state, effects: [] };
    case 'resting':
      return event.type === 'rested' || event.type === 'changed'
        ? { state: { ...state, name: 'opening' }, effects: [{ do: 'open' }] }
        : { state, effects: [] };
  }
}

/** The process is there. */
function live(
  state: PipelineState & { name: 'starting' | 'running' | 'quiet' },
  event: PipelineEvent,
): Stepped {
  switch (event.type) {
    case 'failed':
      return failed(state, event);
    case 'data':
      if (state.name === 'running') return { state, effects: [] };
      return {
        state: { name: 'running', failures: state.failures, faulty: false },
        effects: [
          { do: 'tell', state: 'running', why: 'data flows' },
          { do: 'watch', for: 'next' },
        ],
      };
    case 'steady':
      return { state: { ...state, failures: 0 }, effects: [] };
    case 'silent':
      return silent(state, event.why);
    case 'broken':
      return replace(state, event.why);
    default:
      return { state, effects: [] };
  }
}

/** Data that stops is first waited for; then the process is taken for hung, and replaced. */
function silent(
  state: PipelineState & { name: 'starting' | 'running' | 'quiet' },
  why: string | undefined,
): Stepped {
  if (state.name === 'running')
    return {
      state: { ...state, name: 'quiet' },
      effects: [
        { do: 'tell', state: 'waiting', why: 'data has stopped' },
        { do: 'watch', for: 'again' },
      ],
    };
  return replace(state, why);
}

function replace(state: Trouble, why: string | undefined): Stepped {
  const trouble = { failures: state.failures + 1, faulty: state.faulty || why !== undefined };
  const tell = why !== undefined && !state.faulty;
  return {
    state: { name: 'ending', next: 'resting', ...trouble },
    effects: [...(tell ? [fault(why)] : []), { do: 'end' }],
  };
}

function failed(state: Trouble, event: PipelineEvent & { type: 'failed' }): Stepped {
  const failures = state.failures + 1;
  const tells = event.waits ? waiting : fault(event.why);
  return {
    state: { name: 'resting', failures, faulty: state.faulty || !event.waits },
    effects: [...(state.faulty ? [] : [tells]), { do: 'rest', ms: restMs(failures) }],
  };
}

function ended(state: PipelineState & { name: 'ending' }): Stepped {
  const { failures, faulty } = state;
  switch (state.next) {
    case 'stopped':
      return { state: { name: 'stopped' }, effects: [] };
    case 'opening':
      return { state: { name: 'opening', failures, faulty }, effects: [{ do: 'open' }] };
    case 'resting':
      return {
        state: { name: 'resting', failures, faulty },
        effects: [{ do: 'rest', ms: restMs(failures) }],
      };
  }
}

/** It does not end. Whoever waits for that waits no longer; the device is tried again after a pause. */
function abandoned(state: PipelineState & { name: 'ending' }, why: string): Stepped {
  const abandon: PipelineEffect = { do: 'abandon' };
  if (state.next === 'stopped') return { state: { name: 'stopped' }, effects: [abandon] };
  const failures = state.failures + 1;
  return {
    state: { name: 'resting', failures, faulty: true },
    effects: [abandon, ...(state.faulty ? [] : [fault(why)]), { do: 'rest', ms: restMs(failures) }],
  };
}

function start(state: PipelineState): Stepped {
  if (state.name === 'stopped' || state.name === 'resting')
    return { state: { name: 'opening', ...FRESH }, effects: [waiting, { do: 'open' }] };
  return ending(state, 'opening', waiting);
}

function stop(state: PipelineState): Stepped {
  const idle: PipelineEffect = { do: 'tell', state: 'idle', why: 'stopped' };
  if (state.name === 'stopped') return { state, effects: [] };
  if (state.name === 'resting') return { state: { name: 'stopped' }, effects: [idle] };
  return ending(state, 'stopped', idle);
}

/** What runs is ended first, unless it already is being ended. */
function ending(state: PipelineState, next: 'opening' | 'stopped', tell: PipelineEffect): Stepped {
  return {
    state: { name: 'ending', next, ...FRESH },
    effects: state.name === 'ending' ? [tell] : [tell, { do: 'end' }],
  };
}

function fault(why: string): PipelineEffect {
  return { do: 'tell', state: 'fault', why };
}
