import type { Clock } from '../../hal/ports/clock.ts';
import { BadLink, type LinkSetting } from '../network/bad-link.ts';

/** The least a reliable channel waits before it sends a lost message again. */
const RESEND_MS = 200;

/**
 * One direction between a pupil and a robot on simulated time. Lossy traffic (media, look) is
 * carried or lost; reliable traffic arrives late instead, in order, after a cut too.
 */
export class FakePath {
  private readonly link: BadLink;
  private readonly held: (() => void)[] = [];
  private lastArrivalMs = 0;
  private up = true;

  constructor(
    private readonly clock: Clock,
    private readonly random: () => number,
    private readonly setting: LinkSetting,
  ) {
    this.link = new BadLink(clock, random, setting);
  }

  cut(): void {
    this.up = false;
  }

  restore(): void {
    this.up = true;
    for (const deliver of this.held.splice(0)) this.reliable(deliver);
  }

  lossy(bytes: number, deliver: () => void): void {
    if (!this.up) return;
    this.link.carry(bytes, () => {
      if (this.up) deliver();
    });
  }

  reliable(deliver: () => void): void {
    if (!this.up) {
      this.held.push(deliver);
      return;
    }
    const now = this.clock.now();
    let arrivalMs = now + this.setting.delayMs;
    while (this.random() < this.setting.lossRatio)
      arrivalMs += Math.max(RESEND_MS, 2 * this.setting.delayMs);
    // Ordered: a message waits for those before it.
    this.lastArrivalMs = Math.max(this.lastArrivalMs, arrivalMs);
    this.clock.after(this.lastArrivalMs - now, () => {
      if (this.up) deliver();
      else this.held.push(deliver);
    });
  }
}
