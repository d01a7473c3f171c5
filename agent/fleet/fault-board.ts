/** Where a fault code came from. Each source says the whole of its own faults. */
export type FaultSource = 'body' | 'media' | 'storage';

/** Collects the fault codes of all parts for the fleet; tells when the collection changes. */
export class FaultBoard {
  private readonly bySource = new Map<FaultSource, readonly string[]>();
  private told = '';

  constructor(private readonly onChange: (codes: readonly string[]) => void) {}

  /** Called 50 times a second with what is mostly the same. */
  set(source: FaultSource, codes: readonly string[]): void {
    this.bySource.set(source, codes);
    const all = [...this.bySource.values()].flat().sort();
    const summary = all.join();
    if (summary === this.told) return;
    this.told = summary;
    this.onChange(all);
  }
}
