/** What is needed here of a clock: hal/ports/clock.ts. */
export interface Timers {
  after(ms: number, act: () => void): { cancel(): void };
}

/**
 * What `work` ends with, or, after `ms`, what `late` returns or throws. The work itself goes on, and
 * what becomes of it then is seen by nobody.
 */
export function within<T, L>(
  timers: Timers,
  ms: number,
  work: Promise<T>,
  late: () => L | Promise<L>,
): Promise<T | L> {
  return new Promise((resolve, reject) => {
    const timer = timers.after(ms, () => {
      // In a promise, so that what it throws is a rejection too.
      Promise.resolve().then(late).then(resolve, reject);
    });
    work.then(resolve, reject).finally(() => timer.cancel());
  });
}

/** Runs asynchronous acts one after the other, in the order in which they were asked for. */
export class SerialQueue {
  private last: Promise<unknown> = Promise.resolve();

  run<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.last.then(act);
    // A failed act is its caller's business; the next one runs all the same.
    this.last = mine.catch(() => {});
    return mine;
  }
}
