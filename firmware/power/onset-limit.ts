/** Onsets that may lie in any WINDOW_MS: below the three flashes a second that can hurt. */
const ONSETS = 2;
const WINDOW_MS = 1_000;

/**
 * How often a light may come on. Off is never held up; on waits until it makes no flashing of
 * it, however fast it is asked for.
 */
export class OnsetLimit {
  /** The latest onsets, oldest first. */
  private readonly onsets: number[] = [];

  /** May it come on now? */
  allows(nowMs: number): boolean {
    const [oldest] = this.onsets;
    return this.onsets.length < ONSETS || oldest === undefined || nowMs - oldest >= WINDOW_MS;
  }

  note(nowMs: number): void {
    this.onsets.push(nowMs);
    if (this.onsets.length > ONSETS) this.onsets.shift();
  }
}
