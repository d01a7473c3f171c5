/**
 * Trickle ICE (RFC 8838), the same in both directions: each token carries a few candidates and is
 * bound to one offer; all numbers are limited. Messages beyond the limits are ignored.
 */
import { z } from 'zod';
import { challenged } from './signalling.ts';

/** Candidates per message; browsers find 5-20 in all. */
export const MAX_BATCH = 16;
/** Messages per offer, in each direction. */
export const MAX_BATCHES = 12;
/** How long candidates are collected before the first message, the second ..., milliseconds. */
const COLLECT_MS = [5, 20, 60, 150, 300, 500];

export const Candidate = z.object({
  /** candidate-attribute of RFC 8839, 5.1, without `a=`. */
  candidate: z.string().regex(/^candidate:[\x20-\x7e]{1,480}$/, 'expected a candidate of RFC 8839'),
  mid: z.string().max(64).exactOptional(),
  line: z.int().min(0).max(15).exactOptional(),
  ufrag: z.string().max(256).exactOptional(),
});
export type Candidate = z.infer<typeof Candidate>;

export const CandidatesPayload = z.object({
  /** The offer's challenge. */
  ...challenged,
  /** SHA-256 of the offer's token, base64url. */
  offerHash: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'expected a SHA-256 in base64url'),
  /** Number of this message, from 0: a repeated number is a replay. */
  batch: z
    .int()
    .min(0)
    .max(MAX_BATCHES - 1),
  candidates: z.array(Candidate).max(MAX_BATCH),
  /** End of candidates. */
  end: z.boolean(),
});
export type CandidatesPayload = z.infer<typeof CandidatesPayload>;
export type Batch = Pick<CandidatesPayload, 'batch' | 'candidates' | 'end'>;

/** The members of a browser's RTCIceCandidate that are sent. */
export function candidateOf(found: {
  candidate: string;
  sdpMid: string | null;
  sdpMLineIndex: number | null;
  usernameFragment?: string | null;
}): Candidate | undefined {
  const { candidate, sdpMid, sdpMLineIndex, usernameFragment } = found;
  return Candidate.safeParse({
    candidate,
    ...(sdpMid === null ? {} : { mid: sdpMid }),
    ...(sdpMLineIndex === null ? {} : { line: sdpMLineIndex }),
    ...(usernameFragment ? { ufrag: usernameFragment } : {}),
  }).data;
}

/** The part of a clock that is needed here, which robot and browser provide. */
interface Delays {
  after(ms: number, act: () => void): { cancel(): void };
}

/**
 * Collects candidates and sends them in a few messages, in order. Nothing is sent before `open`:
 * the other side cannot use candidates of an offer or answer that it does not have yet.
 */
export class TrickleOut {
  private waiting: Candidate[] = [];
  private sent = 0;
  private opened = false;
  private ended = false;
  private closed = false;
  private timer: { cancel(): void } | undefined;
  private last: Promise<unknown> = Promise.resolve();

  /** `send` is called serially; its rejections are ignored here. */
  constructor(
    private readonly clock: Delays,
    private readonly send: (batch: Batch) => Promise<void>,
  ) {}

  /** `undefined`: end of candidates. */
  found(candidate: Candidate | undefined): void {
    if (this.closed || this.ended) return;
    if (candidate) this.waiting.push(candidate);
    else this.ended = true;
    this.arm();
  }

  open(): void {
    this.opened = true;
    if (this.waiting.length > 0 || this.ended) this.arm();
  }

  close(): void {
    this.closed = true;
    this.timer?.cancel();
    this.timer = undefined;
    this.waiting = [];
  }

  private arm(): void {
    if (!this.opened || this.closed || this.timer || this.sent >= MAX_BATCHES) return;
    const ms = COLLECT_MS[Math.min(this.sent, COLLECT_MS.length - 1)] ?? 0;
    this.timer = this.clock.after(ms, () => {
      this.timer = undefined;
      this.flush();
    });
  }

  private flush(): void {
    const candidates = this.waiting.splice(0, MAX_BATCH);
    const end = this.ended && this.waiting.length === 0;
    const batch = { batch: this.sent, candidates, end };
    this.sent += 1;
    this.last = this.last.then(() => (this.closed ? undefined : this.send(batch))).catch(() => {});
    if (this.waiting.length > 0) this.arm();
  }
}

/** Accepts the other side's messages, each number once, so a replay adds nothing. */
export class TrickleIn {
  private readonly taken = new Set<number>();

  take({ batch, candidates }: Batch): readonly Candidate[] {
    if (this.taken.has(batch)) return [];
    this.taken.add(batch);
    return candidates;
  }
}
