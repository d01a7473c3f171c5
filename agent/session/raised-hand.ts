import { HAND_SEEN_MS } from '../../firmware/link/schema.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';

/**
 * "Your teacher has seen it" is told to the pupil for as long as the class is shown it; then the next
 * hand is one press away, on both sides. The time runs while the pupil is there to read it.
 */
export class SeenHand {
  private timer: Timer | undefined;
  private seen = false;

  constructor(
    private readonly clock: Clock,
    private readonly onOver: () => void,
  ) {}

  /** The teacher has pressed. */
  see(): void {
    this.seen = true;
    this.count();
  }

  /** The pupil is gone; what was told may not have arrived. */
  away(): void {
    this.timer?.cancel();
  }

  /** The pupil is there again, and is told again. */
  back(): void {
    if (this.seen) this.count();
  }

  /** Another hand, or none: nothing is left to be told. */
  forget(): void {
    this.seen = false;
    this.timer?.cancel();
  }

  private count(): void {
    this.timer?.cancel();
    this.timer = this.clock.after(HAND_SEEN_MS, () => {
      this.forget();
      this.onOver();
    });
  }
}
