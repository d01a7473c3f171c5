/** A loop that stood still for so long has been given up by the agent (BODY_LOST_MS there). */
const STOOD_MS = 400;
/** Until then what waited meanwhile has been heard: a press takes DEBOUNCE_MS and a turn of the loop. */
const CATCH_UP_MS = 100;

/**
 * Whether this process was held up a moment ago: the teacher may have pressed meanwhile, and that is
 * still on its way. Nobody is told that there is no pause, and nobody is seen, until it has come.
 */
export class HeldUp {
  private tickedMs: number | undefined;
  private untilMs = Number.NEGATIVE_INFINITY;

  /** Each tick, before anything is decided. */
  tick(nowMs: number): void {
    if (this.tickedMs !== undefined && nowMs - this.tickedMs > STOOD_MS)
      this.untilMs = nowMs + CATCH_UP_MS;
    this.tickedMs = nowMs;
  }

  catchesUp(nowMs: number): boolean {
    return nowMs < this.untilMs;
  }
}
