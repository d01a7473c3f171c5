import type { Clock, Timer } from '../ports/clock.ts';
import type { HardwareFault } from '../ports/fault.ts';

/** The ports' time limit of every hardware call. */
export const CALL_MS = 20;

/**
 * Calls `act` after `ms` and one more turn of the event loop. After a stall of this process the timer
 * is due before the pending answer has been read; the extra turn reads it, so that a late event loop
 * does not count as a late device.
 */
function deadline(clock: Clock, ms: number, act: () => void): Timer {
  let timer = clock.after(ms, () => {
    timer = clock.after(0, act);
  });
  return { cancel: () => timer.cancel() };
}

/** The call's result, or rejection with `late` after `ms`; the call itself is not cancelled. */
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

/** A call's turn in the queue. Work of several steps must stop once the turn has expired. */
export interface Turn {
  readonly expired: boolean;
  /** Time until it expires, milliseconds. */
  readonly leftMs: number;
}

interface Entry {
  readonly urgent: boolean;
  expired: boolean;
  readonly untilMs: number;
  begin(): Promise<void>;
}

/**
 * Runs calls one at a time, in the order in which they were made, urgent ones first. Each settles for
 * its caller within the time limit, waiting or running; one that has not begun by then never does. A
 * running call blocks the queue until it returns, or until `abandon`.
 */
export class CallQueue {
  private waiting: Entry[] = [];
  private current: Entry | undefined;

  constructor(
    private readonly clock: Clock,
    /** The fault of a call that timed out; `begun`: while running, not while waiting. */
    private readonly late: (begun: boolean) => HardwareFault,
    private readonly limitMs = CALL_MS,
  ) {}

  /** The running call has exceeded its time limit. */
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

  /** Starts the next call although the running one has not returned. */
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
