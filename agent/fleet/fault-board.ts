import type { Clock, Timer } from '../../hal/ports/clock.ts';

/** Origin of a fault code. Each source sets the complete list of its own faults. */
export type FaultSource =
  | 'body'
  | 'media'
  | 'storage'
  | 'presets'
  | 'access'
  | 'timetable'
  | 'broker';

/** Debounce time: one late loop must not alert the fleet. */
const STEADY_MS = 1_000;

/** Collects the fault codes of all parts for the fleet; reports those that last. */
export class FaultBoard {
  private readonly bySource = new Map<FaultSource, readonly string[]>();
  private present: ReadonlySet<string> = new Set();
  private reported: ReadonlySet<string> = new Set();
  /** When a code last came or went. */
  private readonly changedMs = new Map<string, number>();
  private settling: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly onChange: (codes: readonly string[]) => void,
  ) {}

  /** Called 50 times a second, mostly without change. */
  set(source: FaultSource, codes: readonly string[]): void {
    if (same(codes, this.bySource.get(source))) return;
    this.bySource.set(source, codes);
    const before = this.present;
    this.present = new Set([...this.bySource.values()].flat());
    for (const code of union(before, this.present))
      if (before.has(code) !== this.present.has(code)) this.changedMs.set(code, this.clock.now());
    this.settling ??= this.clock.after(STEADY_MS, () => this.settle());
  }

  /** Present codes of these sources, without debounce. */
  of(...sources: readonly FaultSource[]): string[] {
    return [...new Set(sources.flatMap((source) => this.bySource.get(source) ?? []))];
  }

  /** Stops reporting. */
  stop(): void {
    this.settling?.cancel();
  }

  private settle(): void {
    const steadySince = this.clock.now() - STEADY_MS;
    const settled = (code: string): boolean => (this.changedMs.get(code) ?? 0) <= steadySince;
    const all = union(this.reported, this.present);
    const next = all.filter((code) => (settled(code) ? this.present : this.reported).has(code));
    this.settling = all.every(settled)
      ? undefined
      : this.clock.after(STEADY_MS / 4, () => this.settle());
    if (next.length === this.reported.size && next.every((code) => this.reported.has(code))) return;
    this.reported = new Set(next);
    this.onChange(next.sort());
  }
}

function union(a: ReadonlySet<string>, b: ReadonlySet<string>): string[] {
  return [...new Set([...a, ...b])];
}

function same(a: readonly string[], b: readonly string[] | undefined): boolean {
  return a.length === b?.length && a.every((code, i) => code === b[i]);
}
