/**
 * When the sender may put a whole frame on the wire at once.
 *
 * libwebrtc's pacer sends at 2.5 times the bandwidth estimate, and the estimate of a sender that
 * never asks for more stays near its own rate: each frame is then spread over 10 to 15 ms, and the
 * receiver takes the spread for network jitter and buffers for it as well. Raising the estimate
 * once the path has shown that it is healthy removes both. Congestion control stays in force: it
 * lowers the estimate when delay or loss grow, and a raise that the estimator took back is retried
 * with an increasing delay.
 */

/** What the connection's statistics say, once a second. */
export interface PathHealth {
  readonly connected: boolean;
  /** Bandwidth estimate, bit/s; undefined until there is one. */
  readonly estimateBps: number | undefined;
  /** Video sent in the last second, bit/s. */
  readonly sentBps: number;
  /** Share of packets lost as the receiver reports it, 0..1; undefined until it reports. */
  readonly lossRatio: number | undefined;
  readonly roundTripMs: number | undefined;
}

type Priming =
  /** Not connected, or the path has not been healthy for long enough. The safe state. */
  | { readonly name: 'watching'; readonly healthySinceMs: number | undefined }
  /** The estimate was raised and has held. */
  | { readonly name: 'raised'; readonly atMs: number };

export interface PrimingState {
  readonly priming: Priming;
  /** Healthy time needed before the next raise; doubles with each raise that was taken back. */
  readonly patienceMs: number;
}

/** Estimate to raise to: a 10 kB frame leaves within 1 ms. */
export const PRIMED_BPS = 40_000_000;
/** The estimator's own probing takes the first second, and would undo a raise before. */
const PATIENCE_MS = { first: 2_000, most: 300_000 } as const;
const MAX_LOSS_RATIO = 0.01;
/** Above it the path is long or has a queue: a few ms of pacing are not what is felt there. */
const MAX_ROUND_TRIP_MS = 120;
/** An estimate nearer than this to what is sent says that the path is (nearly) full. */
const MIN_ESTIMATE_TO_SENT = 1.3;
/** Below this share of the raise the estimator has taken it back. */
const FALLEN_SHARE = 0.5;

export const initialPriming: PrimingState = {
  priming: { name: 'watching', healthySinceMs: undefined },
  patienceMs: PATIENCE_MS.first,
};

/** `raise`: set the estimate to PRIMED_BPS now. */
export function stepPriming(
  state: PrimingState,
  health: PathHealth,
  nowMs: number,
): { state: PrimingState; raise: boolean } {
  if (!health.connected) return { state: { ...state, priming: watching(undefined) }, raise: false };
  if (state.priming.name === 'raised') return { state: checkRaised(state, health), raise: false };
  if (!isHealthy(health))
    return { state: { ...state, priming: watching(undefined) }, raise: false };
  const since = state.priming.healthySinceMs ?? nowMs;
  if (nowMs - since < state.patienceMs) {
    return { state: { ...state, priming: watching(since) }, raise: false };
  }
  return { state: { ...state, priming: { name: 'raised', atMs: nowMs } }, raise: true };
}

function checkRaised(state: PrimingState, { estimateBps }: PathHealth): PrimingState {
  if (estimateBps === undefined || estimateBps >= PRIMED_BPS * FALLEN_SHARE) return state;
  return {
    priming: watching(undefined),
    patienceMs: Math.min(PATIENCE_MS.most, state.patienceMs * 2),
  };
}

function isHealthy({ estimateBps, sentBps, lossRatio, roundTripMs }: PathHealth): boolean {
  if (estimateBps === undefined || lossRatio === undefined || roundTripMs === undefined)
    return false;
  return (
    estimateBps >= sentBps * MIN_ESTIMATE_TO_SENT &&
    lossRatio <= MAX_LOSS_RATIO &&
    roundTripMs <= MAX_ROUND_TRIP_MS
  );
}

function watching(healthySinceMs: number | undefined): Priming {
  return { name: 'watching', healthySinceMs };
}
