import type { Clock, Timer } from '../../../../hal/ports/clock.ts';
import type { PupilClientApi } from '../../../client/api.ts';
import type { PlainKey } from '../words/dictionaries.ts';
import { type Direction, heldRate } from './keys.ts';

/** The robot stops by itself 250 ms after the last word: repeated well within. */
const REPEAT_MS = 80;

/** What the head can do now. */
export interface HeadLimits {
  /** Why it cannot turn at all: paused, out of order, away. */
  blocked(): PlainKey | undefined;
  /** Called when that ends a hold: its keys do nothing more until they are pressed again. */
  tellBlocked(why: PlainKey): void;
  /** It stands at the end of where it can go, in all of these directions. */
  at(held: ReadonlySet<Direction>): boolean;
  /** Called once for each hold that comes to the end. */
  tell(): void;
}

/** Turns the head while arrow keys are held. All keys up, or the page out of sight: it stops. */
export class HeldKeys {
  private readonly held = new Set<Direction>();
  private since = 0;
  private timer: Timer | undefined;
  private toldLimit = false;

  constructor(
    private readonly client: Pick<PupilClientApi, 'lookRate'>,
    private readonly clock: Clock,
    private readonly limit: HeadLimits,
  ) {}

  press(direction: Direction): void {
    if (this.held.has(direction)) return;
    if (this.held.size === 0) this.since = this.clock.now();
    this.held.add(direction);
    this.toldLimit = false;
    this.timer ??= this.clock.every(REPEAT_MS, () => this.tell());
    this.tell();
  }

  release(direction: Direction): void {
    if (!this.held.delete(direction)) return;
    if (this.held.size > 0) this.tell();
    else this.stop();
  }

  /** Keys released while another window had the focus are never told: so all are let go. */
  releaseAll(): void {
    if (this.held.size === 0) return;
    this.held.clear();
    this.stop();
  }

  private stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.client.lookRate(0, 0);
  }

  private tell(): void {
    // What is held through a pause must not start by itself when the pause is over.
    const blocked = this.limit.blocked();
    if (blocked) {
      this.releaseAll();
      this.limit.tellBlocked(blocked);
      return;
    }
    const rate = heldRate(this.held, this.clock.now() - this.since);
    this.client.lookRate(rate.pan, rate.tilt);
    if (this.toldLimit || !this.limit.at(this.held)) return;
    this.toldLimit = true;
    this.limit.tell();
  }
}
