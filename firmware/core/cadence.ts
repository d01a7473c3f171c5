/** Beats come this much early when a timer's grain says so. */
const EARLY_MS = 1.5;

/** Says which ticks of the loop do a slower job; stays on its grid and never makes up for beats. */
export class Cadence {
  private dueMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly periodMs: number) {}

  due(nowMs: number): boolean {
    if (nowMs < this.dueMs - EARLY_MS) return false;
    const next = this.dueMs + this.periodMs;
    this.dueMs = next > nowMs ? next : nowMs + this.periodMs;
    return true;
  }
}
