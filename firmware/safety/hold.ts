/** The pair button is held this long on purpose. */
export const HOLD_MS = 5_000;

/** Tells once when a button has been held down for HOLD_MS. */
export class Hold {
  private pressedMs: number | undefined;

  change(pressed: boolean, atMs: number): void {
    this.pressedMs = pressed ? atMs : undefined;
  }

  /** To be called each tick. */
  reached(nowMs: number): boolean {
    if (this.pressedMs === undefined || nowMs - this.pressedMs < HOLD_MS) return false;
    this.pressedMs = undefined;
    return true;
  }
}
