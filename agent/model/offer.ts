import type { NextLesson } from '../wire/next-lesson.ts';
import type { AccessRefusal } from '../wire/signalling.ts';
import type { Candidate } from '../wire/trickle.ts';

/** A pupil's device on a connection, authenticated by signature. */
export interface Visitor {
  /** The connection, 32 hex digits. */
  readonly peer: string;
  /** The device's key thumbprint. */
  readonly device: string;
}

/** Takes candidates that the pupil's device found after its offer. */
export type AddCandidates = (candidates: readonly Candidate[]) => void;

/** `addCandidates` is present if the offer came with `onCandidate`. */
export type OfferReply =
  | { ok: true; sdp: string; addCandidates?: AddCandidates }
  /** `nextLesson`: with `notInLesson`, if it is known. */
  | { ok: false; reason: AccessRefusal; nextLesson?: NextLesson };

/** Options of an offer. */
export interface OfferOptions {
  /**
   * Called with each of the robot's candidates that is not in the answer, then with `undefined`
   * when there are no more. Without it the answer contains all of them, as in the first version.
   */
  readonly onCandidate?: (candidate: Candidate | undefined) => void;
  /** An ICE restart of this peer's connection. */
  readonly restart?: boolean;
  /** The pupil's page has the feature `lessons`. */
  readonly lessons?: boolean;
}

/** The session as seen by signalling, which passes on authenticated messages only. */
export interface OfferReceiver {
  /** An offer whose signature, robot, challenge and time were verified. */
  offer(from: Visitor, sdp: string, options?: OfferOptions): Promise<OfferReply>;
  bye(from: Visitor): void;
}
