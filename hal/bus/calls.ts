import type { Clock, Timer } from '../ports/clock.ts';
import type { HardwareFault } from '../ports/fault.ts';

/** What the ports promise of every hardware call. */
export const CALL_MS = 20;

/**
 * Calls `act` when `ms` have passed for the device too. After a stall of our own process a timer is
 * due before the answer that lies there has been read; one more turn of the event loop reads it: a
 * late loop is not a late device.
 */
function deadline(clock: Clock, ms: number, act: () => void): Timer {
  let timer = clock.after(ms, () => {
    timer = clock.after(0, act);
  });
  return { cancel: () => timer.cancel() };
}

/** The call's own end, or `late` after `ms`; the call itself goes on unseen. */
export function inTime<T>(
  clock: Clock,
  ms: number,
  call: Promise<T>,
  late: () => HardwareFault,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = deadline(clock, ms, () => reject(late()));
    call.then(resolve, reject).finally(() => timer.cancel());
  });
}

/** A call's turn. What a turn does in several steps it stops doing when its caller has left. */
export interface Turn {
  readonly expired: boolean;
  /** Until the caller leaves, milliseconds. */
  readonly leftMs: number;
}

interface Entry {
  readonly urgent: boolean;
  expired: boolean;
  readonly untilMs: number;
  begin(): Promise<void>;
}

/**
 * Calls one at a time, in the order in which they were made, urgent ones before others. Each ends
 * within its limit for whoever made it, in the queue or under way; one that has not begun by then
 * never does. A call that has begun keeps the queue until it comes back, or until `abandon`.
 */
export class CallQueue {
  private waiting: Entry[] = [];
  private current: Entry | undefined;

  constructor(
    private readonly clock: Clock,
    /** The fault of a call whose time is over, whether it had begun or not. */
    private readonly late: (begun: boolean) => HardwareFault,
    private readonly limitMs = CALL_MS,
  ) {}

  /** The call under way has outlived its caller. */
  get hung(): boolean {
    return this.current?.expired ?? false;
  }

  add<T>(work: (turn: Turn) => Promise<T>, urgent = false): Promise<T> {
    return new Promise((resolve, reject) => {
      const { clock } = this;
      const entry: Entry & Turn = {
        urgent,
        expired: false,
        untilMs: clock.now() + this.limitMs,
        get leftMs() {
          return Math.max(0, this.untilMs - clock.now());
        },
        begin: () =>
          work(entry)
            .then(resolve, reject)
            .finally(() => limit.cancel()),
      };
      const limit = deadline(clock, this.limitMs, () => {
        entry.expired = true;
        this.waiting = this.waiting.filter((other) => other !== entry);
        reject(this.late(entry === this.current));
      });
      this.enter(entry);
      this.next();
    });
  }

  /** Lets the next call begin though the one under way has not come back. */
  abandon(): void {
    this.current = undefined;
    this.next();
  }

  private enter(entry: Entry): void {
    const place = entry.urgent ? this.waiting.findIndex((other) => !other.urgent) : -1;
    if (place < 0) this.waiting.push(entry);
    else this.waiting.splice(place, 0, entry);
  }

  private next(): void {
    if (this.current) return;
    const entry = this.waiting.shift();
    if (!entry) return;
    this.current = entry;
    void entry.begin().finally(() => {
      if (this.current !== entry) return;
      this.current = undefined;
      this.next();
    });
  }
}
