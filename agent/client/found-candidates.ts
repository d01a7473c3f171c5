import type { Candidate } from '../wire/trickle.ts';

/** `undefined`: there are no more. */
export type OnCandidate = (candidate: Candidate | undefined) => void;

/**
 * What this browser finds of its own addresses, for one offer: kept until somebody listens. An offer
 * takes a while to be signed, and on a busy device the relay may be found sooner than that.
 */
export class FoundCandidates {
  private waiting: (Candidate | undefined)[] = [];
  private onCandidate: OnCandidate | undefined;

  /** Before another offer is set: those of the one before are none of its. */
  renew(): void {
    this.waiting = [];
    this.onCandidate = undefined;
  }

  take(candidate: Candidate | undefined): void {
    if (this.onCandidate) this.onCandidate(candidate);
    else this.waiting.push(candidate);
  }

  /** Those that the offer holds need no word of their own. */
  leaveOut(offerSdp: string): void {
    this.waiting = this.waiting.filter((one) => !one || !offerSdp.includes(one.candidate));
  }

  /** Says what there is, and from now on what comes. */
  tell(onCandidate: OnCandidate): void {
    this.onCandidate = onCandidate;
    for (const candidate of this.waiting.splice(0)) onCandidate(candidate);
  }
}
