import type { AccessRefusal } from '../wire/signalling.ts';
import type { Candidate } from '../wire/trickle.ts';

/** A pupil's device on a connection, proven by signature. */
export interface Visitor {
  /** The connection, 32 hex digits. */
  readonly peer: string;
  /** The device's key thumbprint. */
  readonly device: string;
}

/** Takes candidates that the pupil's device found after its offer. */
export type AddCandidates = (candidates: readonly Candidate[]) => void;

/** `addCandidates` is there when the offer came with `onCandidate`. */
export type OfferReply =
  | { ok: true; sdp: string; addCandidates?: AddCandidates }
  | { ok: false; reason: AccessRefusal };

/** What an offer asks for beyond an answer. */
export interface OfferOptions {
  /**
   * Hears of each of the robot's candidates that is not in the answer, then of `undefined` when
   * there are no more. Without it the answer holds them all, as the first version had it.
   */
  readonly onCandidate?: (candidate: Candidate | undefined) => void;
  /** Of the connection that this peer has. */
  readonly restart?: boolean;
}

/** The session as signalling sees it: only authenticated messages come through. */
export interface OfferReceiver {
  /** An offer whose signature, robot, challenge and time were checked. */
  offer(from: Visitor, sdp: string, options?: OfferOptions): Promise<OfferReply>;
  bye(from: Visitor): void;
}
