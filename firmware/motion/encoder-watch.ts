import { NONE, type Step } from '../core/machine.ts';

/**
 * Whether an encoder can be believed. Motion needs it: a head that does not know where it is must
 * not move. It recovers by itself after GOOD_MS of good readings; so it starts, too.
 */
export type EncoderState =
  /** Not believed: just started, or after bad readings. `goodSinceMs` undefined: none good yet. */
  | {
      readonly name: 'unproven' | 'fault';
      readonly goodSinceMs: number | undefined;
      /** Readings in a row that agree with each other. */
      readonly readings: number;
      readonly deg: number;
      readonly atMs: number;
    }
  | {
      readonly name: 'good';
      readonly bad: number;
      /** The last angle that could be believed, and when it was read. */
      readonly deg: number;
      readonly atMs: number;
    };

export type EncoderEvent =
  | { readonly type: 'reading'; readonly deg: number; readonly atMs: number }
  /** No answer, a wrong one, a missing magnet, or none for too long. */
  | { readonly type: 'bad'; readonly atMs: number };

export type EncoderEffect = 'lost' | 'found';

/** This many in a row are no longer a disturbed bus, but a fault: 100 ms. */
export const BAD_READINGS = 10;
/** Readings must be good for this long after a fault... */
export const GOOD_MS = 1_000;
/** ...and for this long after the start. */
export const PROOF_MS = 100;
/** However slowly they come: this many must agree. */
export const PROOF_READINGS = 5;
/** No hand turns the head faster than this, nor does a servo. */
const FASTEST_DEG_PER_MS = 1.2;
const JUMP_DEG = 6;
/** A gap in the readings excuses no more way than this long a turn. */
const LONGEST_GAP_MS = 30;
/** An answer that cannot be is worse than none. */
const IMPOSSIBLE_COUNTS = 2;

export const ENCODER_START: EncoderState = {
  name: 'unproven',
  goodSinceMs: undefined,
  readings: 0,
  deg: 0,
  atMs: 0,
};

export const stepEncoder: Step<EncoderState, EncoderEvent, EncoderEffect> = (state, event) => {
  if (state.name === 'good')
    return event.type === 'reading' && plausible(state, event)
      ? { state: { name: 'good', bad: 0, deg: event.deg, atMs: event.atMs }, effects: NONE }
      : countBad(state, event);
  if (event.type === 'bad') {
    // An encoder that has never answered is a fault as soon as one that stops answering.
    if (state.name === 'fault')
      return { state: { ...state, goodSinceMs: undefined, readings: 0 }, effects: NONE };
    const lost = { ...state, name: 'fault' as const, goodSinceMs: undefined, readings: 0 };
    return { state: lost, effects: ['lost'] };
  }
  const agrees = state.readings > 0 && plausible(state, event);
  const goodSinceMs = agrees ? (state.goodSinceMs ?? event.atMs) : event.atMs;
  const readings = agrees ? state.readings + 1 : 1;
  const { deg, atMs } = event;
  const needed = state.name === 'fault' ? GOOD_MS : PROOF_MS;
  if (atMs - goodSinceMs >= needed && readings >= PROOF_READINGS)
    return { state: { name: 'good', bad: 0, deg, atMs }, effects: ['found'] };
  return { state: { name: state.name, goodSinceMs, readings, deg, atMs }, effects: NONE };
};

function countBad(state: Extract<EncoderState, { name: 'good' }>, { type, atMs }: EncoderEvent) {
  const bad = state.bad + (type === 'reading' ? IMPOSSIBLE_COUNTS : 1);
  if (bad < BAD_READINGS) return { state: { ...state, bad }, effects: NONE };
  const fault: EncoderState = {
    name: 'fault',
    goodSinceMs: undefined,
    readings: 0,
    deg: state.deg,
    atMs,
  };
  return { state: fault, effects: ['lost' as const] };
}

/** Whether the head can have come from the last believed angle to this one in the time between. */
function plausible(
  last: { readonly deg: number; readonly atMs: number },
  reading: { readonly deg: number; readonly atMs: number },
): boolean {
  const way = Math.abs(reading.deg - last.deg);
  const gapMs = Math.min(LONGEST_GAP_MS, Math.max(0, reading.atMs - last.atMs));
  return way <= JUMP_DEG + FASTEST_DEG_PER_MS * gapMs;
}
