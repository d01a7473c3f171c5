/** One direction of a poor network: it loses, it delays, and it carries only so much. */
import type { Clock } from '../../hal/ports/clock.ts';

export interface LinkSetting {
  /** Added to each packet. */
  readonly delayMs: number;
  /** 0..1 */
  readonly lossRatio: number;
  /** Kilobits a second; null: as much as comes. */
  readonly kbps: number | null;
}

export const GOOD_NETWORK: LinkSetting = { delayMs: 0, lossRatio: 0, kbps: null };

/** What a home router holds back before it drops: about this long at the link's speed. */
const MAX_QUEUE_MS = 250;

export class BadLink {
  carried = 0;
  dropped = 0;
  /** When the last bit of what is queued has left. */
  private freeAtMs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly random: () => number,
    private setting = GOOD_NETWORK,
  ) {}

  set(setting: LinkSetting): void {
    this.setting = setting;
    this.freeAtMs = 0;
  }

  /** Calls `deliver` once, now or later, or never. Packets keep their order. */
  carry(bytes: number, deliver: () => void): void {
    const { delayMs, lossRatio, kbps } = this.setting;
    const waitMs = kbps === null ? 0 : this.queue(bytes, kbps);
    if (waitMs === undefined || (lossRatio > 0 && this.random() < lossRatio)) {
      this.dropped += 1;
      return;
    }
    this.carried += 1;
    if (waitMs + delayMs === 0) deliver();
    else this.clock.after(waitMs + delayMs, deliver);
  }

  /** Milliseconds until the packet has left, or undefined when the queue is full. */
  private queue(bytes: number, kbps: number): number | undefined {
    const now = this.clock.now();
    const startMs = Math.max(now, this.freeAtMs);
    if (startMs - now > MAX_QUEUE_MS) return undefined;
    this.freeAtMs = startMs + (bytes * 8) / kbps;
    return this.freeAtMs - now;
  }
}
