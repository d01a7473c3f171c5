/** A job may run this much early, because of timer granularity. */
const EARLY_MS = 1.5;

/** Selects the ticks of the loop that do a slower job; keeps its phase and never catches up. */
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
