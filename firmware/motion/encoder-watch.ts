import { withoutEffects } from '../core/state-machine.ts';

/**
 * Whether an encoder's readings are valid. Motion needs them: a head of unknown position must not
 * move. It recovers by itself after GOOD_MS of good readings (PROOF_MS after the start).
 */
type EncoderState =
  /** Not valid: just started, or after bad readings. `goodSinceMs` undefined: none good yet. */
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
      /** The last plausible angle, and when it was read. */
      readonly deg: number;
      readonly atMs: number;
    };

type EncoderEvent =
  | { readonly type: 'reading'; readonly deg: number; readonly atMs: number }
  /** No answer, a wrong one, a missing magnet, or none for too long. */
  | { readonly type: 'bad'; readonly atMs: number };

/** This many bad readings in a row (100 ms) are a fault, no longer noise on the bus. */
const BAD_READINGS = 10;
/** Readings must be good for this long after a fault... */
const GOOD_MS = 1_000;
/** ...and for this long after the start. */
const PROOF_MS = 100;
/** Minimum number of consistent readings, at any rate. */
const PROOF_READINGS = 5;
/** Neither a hand nor a servo turns the head faster. */
const FASTEST_DEG_PER_MS = 1.2;
const JUMP_DEG = 6;
/** A longer gap in the readings allows no larger change of angle than this one. */
const LONGEST_GAP_MS = 30;
/** An impossible answer counts as this many missing ones. */
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
  // An encoder that has never answered is a fault as well.
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

/**
 * Whether the head can have moved from the last plausible angle to this one in the time between.
 */
function plausible(
  last: { readonly deg: number; readonly atMs: number },
  reading: { readonly deg: number; readonly atMs: number },
): boolean {
  const changeDeg = Math.abs(reading.deg - last.deg);
  const gapMs = Math.min(LONGEST_GAP_MS, Math.max(0, reading.atMs - last.atMs));
  return changeDeg <= JUMP_DEG + FASTEST_DEG_PER_MS * gapMs;
}
