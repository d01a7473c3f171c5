import type { AdmittedOffer } from '../access/access.ts';
import type { AddCandidates } from '../model/offer.ts';
import { type CandidatesPayload, TrickleIn, type TrickleOut } from '../wire/trickle.ts';

interface Exchange {
  readonly offer: AdmittedOffer;
  readonly heard: TrickleIn;
  readonly add: AddCandidates;
  readonly said: TrickleOut;
}

/**
 * Who may still say candidates. Each device has one exchange at most, that of its newest offer, so
 * there are never more than bound devices; what belongs to an older one goes nowhere.
 */
export class Exchanges {
  private readonly open = new Map<string, Exchange>();
  /** Offers at work, by peer: their candidates may come in before they are answered. */
  private readonly atWork = new Map<string, Set<Promise<void>>>();

  /** Candidates of this peer wait until `offer` is over. */
  async during<T>(peer: string, offer: () => Promise<T>): Promise<T> {
    const result = offer();
    const over = result.then(
      () => {},
      () => {},
    );
    const all = this.atWork.get(peer) ?? new Set();
    this.atWork.set(peer, all.add(over));
    try {
      return await result;
    } finally {
      all.delete(over);
      if (all.size === 0) this.atWork.delete(peer);
    }
  }

  begin(offer: AdmittedOffer, add: AddCandidates, said: TrickleOut): void {
    this.end(offer.visitor.device);
    this.open.set(offer.visitor.device, { offer, heard: new TrickleIn(), add, said });
  }

  end(device: string): void {
    this.open.get(device)?.said.close();
    this.open.delete(device);
  }

  endAll(): void {
    for (const device of [...this.open.keys()]) this.end(device);
  }

  /** Whether candidates of this peer are worth a look at all. */
  expects(peer: string): boolean {
    if (this.atWork.has(peer)) return true;
    return [...this.open.values()].some(({ offer }) => offer.visitor.peer === peer);
  }

  /** Resolves when the offers of this peer that are at work now are over. */
  async settled(peer: string): Promise<void> {
    await Promise.all(this.atWork.get(peer) ?? []);
  }

  take(payload: CandidatesPayload): void {
    for (const { offer, heard, add } of this.open.values()) {
      if (offer.offerHash !== payload.offerHash || offer.visitor.peer !== payload.peer) continue;
      const candidates = heard.take(payload);
      if (candidates.length > 0) add(candidates);
    }
  }
}
