import type { BatteryReading } from '../../hal/ports/body.ts';

/** Rounding and a new estimate of a gauge are less than this, percent. */
const FALL_PERCENT = 2;

/**
 * Whether a battery is on mains. `unknown` is both a charger that holds a battery below full ("Not
 * charging") and a gauge that cannot tell: it counts as mains until the charge has fallen.
 */
export class MainsGuess {
  /** Since it was last said to be on mains, or since the start. */
  private highest = 0;

  powered({ percent, status }: BatteryReading): boolean {
    if (status === 'charging' || status === 'full') {
      this.highest = percent;
      return true;
    }
    this.highest = Math.max(this.highest, percent);
    return status === 'unknown' && this.highest - percent < FALL_PERCENT;
  }
}
