import { withoutEffects } from '../core/state-machine.ts';

/**
 * Whether an encoder can be believed. Motion needs it: a head that does not know where it is must
 * not move. It recovers by itself after GOOD_MS of good readings; so it starts, too.
 */
type EncoderState =
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

type EncoderEvent =
  | { readonly type: 'reading'; readonly deg: number; readonly atMs: number }
  /** No answer, a wrong one, a missing magnet, or none for too long. */
  | { readonly type: 'bad'; readonly atMs: number };

/** This many in a row are no longer a disturbed bus, but a fault: 100 ms. */
const BAD_READINGS = 10;
/** Readings must be good for this long after a fault... */
const GOOD_MS = 1_000;
/** ...and for this long after the start. */
const PROOF_MS = 100;
/** However slowly they come: this many must agree. */
const PROOF_READINGS = 5;
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

export const stepEncoder = withoutEffects<EncoderState, EncoderEvent>((state, event) => {
  if (state.name === 'good')
    return event.type === 'reading' && plausible(state, event)
      ? { name: 'good', bad: 0, deg: event.deg, atMs: event.atMs }
      : countBad(state, event);
  // An encoder that has never answered is a fault as soon as one that stops answering.
  if (event.type === 'bad') return fault(state);
  const agrees = state.readings > 0 && plausible(state, event);
  const goodSinceMs = agrees ? (state.goodSinceMs ?? event.atMs) : event.atMs;
  const readings = agrees ? state.readings + 1 : 1;
  const { deg, atMs } = event;
  const needed = state.name === 'fault' ? GOOD_MS : PROOF_MS;
  if (atMs - goodSinceMs >= needed && readings >= PROOF_READINGS)
    return { name: 'good', bad: 0, deg, atMs };
  return { name: state.name, goodSinceMs, readings, deg, atMs };
});

function countBad(
  state: Extract<EncoderState, { name: 'good' }>,
  { type }: EncoderEvent,
): EncoderState {
  const bad = state.bad + (type === 'reading' ? IMPOSSIBLE_COUNTS : 1);
  return bad < BAD_READINGS ? { ...state, bad } : fault(state);
}

const fault = ({ deg, atMs }: EncoderState): EncoderState => ({
  name: 'fault',
  goodSinceMs: undefined,
  readings: 0,
  deg,
  atMs,
});

/** Whether the head can have come from the last believed angle to this one in the time between. */
function plausible(
  last: { readonly deg: number; readonly atMs: number },
  reading: { readonly deg: number; readonly atMs: number },
): boolean {
  const way = Math.abs(reading.deg - last.deg);
  const gapMs = Math.min(LONGEST_GAP_MS, Math.max(0, reading.atMs - last.atMs));
  return way <= JUMP_DEG + FASTEST_DEG_PER_MS * gapMs;
}
