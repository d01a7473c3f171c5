import type { Clock, Timer } from '../../hal/ports/clock.ts';

/** How soon a change of network, such as from Wi-Fi to 4G, leads to an ICE restart. */
const LOOK_MS = 1_000;

/** Detects changes of the robot's own network addresses. */
export class OwnAddresses {
  private readonly timer: Timer;
  private last: string;

  /** `list`: the present addresses, in any order. */
  constructor(
    clock: Clock,
    private readonly list: () => readonly string[],
    private readonly onChange: () => void,
  ) {
    this.last = this.current();
    this.timer = clock.every(LOOK_MS, () => this.compare());
  }

  close(): void {
    this.timer.cancel();
  }

  private compare(): void {
    const now = this.current();
    if (now === this.last) return;
    this.last = now;
    // Without addresses nothing can be sent; the next interface will be noticed.
    if (now !== '') this.onChange();
  }

  private current(): string {
    return [...this.list()].sort().join(' ');
  }
}
