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
  /** The beat that comes next. */
  private beat = 1;
  private missed = 0;
  private periodMs = 0;
  private startMs = 0;

  /** Beats come each `periodMs` from `startMs` on. */
  restart(periodMs: number, startMs: number): void {
    this.periodMs = periodMs;
    this.startMs = startMs;
    this.beat = 1;
  }

  /** Records a tick; returns how late it is, 0 when it is early. */
  tick(nowMs: number): number {
    const passedMs = nowMs - this.startMs;
    const offMs = passedMs - this.beat * this.periodMs;
    // As the clock does: the next beat is the first that is still to come.
    const next = Math.max(this.beat, Math.floor(passedMs / this.periodMs)) + 1;
    this.missed += next - this.beat - 1;
    this.beat = next;
    this.jitter.add(Math.abs(offMs));
    return Math.max(0, offMs);
  }

  report(): LoopReport {
    return { ticks: this.jitter.count, missed: this.missed, jitter: this.jitter.spread() };
  }
}
