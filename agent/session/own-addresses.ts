import type { Clock, Timer } from '../../hal/ports/clock.ts';

/** A robot that changes from Wi-Fi to 4G asks its pupil for new ways within this time. */
const LOOK_MS = 1_000;

/** Notices that the robot's own network addresses are others than a moment ago. */
export class OwnAddresses {
  private readonly timer: Timer;
  private last: string;

  /** `list`: the addresses now, in any order. */
  constructor(
    clock: Clock,
    private readonly list: () => readonly string[],
    private readonly onChange: () => void,
  ) {
    this.last = this.look();
    this.timer = clock.every(LOOK_MS, () => this.compare());
  }

  close(): void {
    this.timer.cancel();
  }

  private compare(): void {
    const now = this.look();
    if (now === this.last) return;
    this.last = now;
    // An interface that only went away leaves nothing to be asked over; the next one will be seen.
    if (now !== '') this.onChange();
  }

  private look(): string {
    return [...this.list()].sort().join(' ');
  }
}
