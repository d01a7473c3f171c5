import type { AdmittedOffer } from '../access/access.ts';
import type { AddCandidates } from '../model/offer.ts';
import { type CandidatesPayload, TrickleIn, type TrickleOut } from '../wire/trickle.ts';

interface Exchange {
  readonly offer: AdmittedOffer;
  readonly incoming: TrickleIn;
  readonly add: AddCandidates;
  readonly outgoing: TrickleOut;
}

/**
 * The exchanges of trickle candidates. Each device has at most one, that of its newest offer, so
 * they are bounded by the bound devices; candidates of an older offer are dropped.
 */
export class Exchanges {
  private readonly open = new Map<string, Exchange>();
  /** Offers in progress, by peer: their candidates may arrive before they are answered. */
  private readonly inProgress = new Map<string, Set<Promise<void>>>();

  /** Runs `offer`; candidates of this peer wait until it has settled. */
  async during<T>(peer: string, offer: () => Promise<T>): Promise<T> {
    const result = offer();
    const settled = result.then(
      () => {},
      () => {},
    );
    const all = this.inProgress.get(peer) ?? new Set();
    this.inProgress.set(peer, all.add(settled));
    try {
      return await result;
    } finally {
      all.delete(settled);
      if (all.size === 0) this.inProgress.delete(peer);
    }
  }

  begin(offer: AdmittedOffer, add: AddCandidates, outgoing: TrickleOut): void {
    this.end(offer.visitor.device);
    this.open.set(offer.visitor.device, { offer, incoming: new TrickleIn(), add, outgoing });
  }

  end(device: string): void {
    this.open.get(device)?.outgoing.close();
    this.open.delete(device);
  }

  endAll(): void {
    for (const device of [...this.open.keys()]) this.end(device);
  }

  /** Whether candidates of this peer need to be looked at. */
  expects(peer: string): boolean {
    if (this.inProgress.has(peer)) return true;
    return [...this.open.values()].some(({ offer }) => offer.visitor.peer === peer);
  }

  /** Resolves when this peer's offers now in progress have settled. */
  async settled(peer: string): Promise<void> {
    await Promise.all(this.inProgress.get(peer) ?? []);
  }

  take(payload: CandidatesPayload): void {
    for (const { offer, incoming, add } of this.open.values()) {
      if (offer.offerHash !== payload.offerHash || offer.visitor.peer !== payload.peer) continue;
      const candidates = incoming.take(payload);
      if (candidates.length > 0) add(candidates);
    }
  }
}
