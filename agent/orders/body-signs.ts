import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Signs } from '../model/signs.ts';
import type { IdentifyPort } from './ports.ts';

/** What the body shows of orders: that somebody looks for the robot, that support is let in. */
export class BodySigns implements IdentifyPort {
  private now: Signs = {};
  private timer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly show: (signs: Signs) => void,
  ) {}

  start(seconds: number): void {
    this.timer?.cancel();
    this.timer = this.clock.after(seconds * 1_000, () => this.change({ identify: false }));
    this.change({ identify: true });
  }

  setSupport(support: boolean): void {
    this.change({ support });
  }

  private change(signs: Signs): void {
    const next = { ...this.now, ...signs };
    if (next.identify === this.now.identify && next.support === this.now.support) return;
    this.now = next;
    this.show(next);
  }
}
