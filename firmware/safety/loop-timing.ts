import { Histogram, type Spread } from './histogram.ts';

export interface LoopReport {
  readonly ticks: number;
  /** Beats that did not happen because the tick before them was too late. */
  readonly missed: number;
  /** Distance of a tick from its beat, early or late. */
  readonly jitter: Spread;
}

/** How well the loop keeps its beats. */
export class LoopTiming {
  private readonly jitter = new Histogram();
  private beat = 0;
  private missed = 0;

  constructor(
    private readonly periodMs: number,
    private readonly startMs: number,
  ) {}

  /** Records a tick; returns how late it is, 0 when it is early. */
  tick(nowMs: number): number {
    this.beat += 1;
    const offMs = nowMs - (this.startMs + this.beat * this.periodMs);
    const skipped = Math.max(0, Math.floor(offMs / this.periodMs));
    this.beat += skipped;
    this.missed += skipped;
    this.jitter.add(Math.abs(offMs));
    return Math.max(0, offMs);
  }

  report(): LoopReport {
    return { ticks: this.jitter.count, missed: this.missed, jitter: this.jitter.spread() };
  }
}
