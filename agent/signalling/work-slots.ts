/** Bounds how many messages are worked on at the same time, for each peer and for all. */
export class WorkSlots {
  private readonly byPeer = new Map<string, number>();
  private total = 0;

  constructor(
    private readonly max: number,
    private readonly maxPerPeer: number,
  ) {}

  /** False when there is no slot now; true must be followed by `end`. */
  start(peer: string): boolean {
    const own = this.byPeer.get(peer) ?? 0;
    if (this.total >= this.max || own >= this.maxPerPeer) return false;
    this.total += 1;
    this.byPeer.set(peer, own + 1);
    return true;
  }

  end(peer: string): void {
    this.total -= 1;
    const own = (this.byPeer.get(peer) ?? 1) - 1;
    if (own > 0) this.byPeer.set(peer, own);
    else this.byPeer.delete(peer);
  }
}
