import type { Clock, Timer } from '../../ports/clock.ts';

/** CLOCK_MONOTONIC and the system's timers. */
export class SystemClock implements Clock {
  now(): number {
    return Number(process.hrtime.bigint()) / 1e6;
  }

  wall(): number {
    return Date.now();
  }

  after(ms: number, act: () => void): Timer {
    const handle = setTimeout(act, ms);
    return { cancel: () => clearTimeout(handle) };
  }

  every(ms: number, act: () => void): Timer {
    if (!(ms > 0)) throw new RangeError(`every: expected more than 0 ms, got ${ms}`);
    const start = this.now();
    let beat = 0;
    let handle: NodeJS.Timeout;
    const arm = (): void => {
      // Whole milliseconds are the timer's grain: rounding up would make each beat late, so wake
      // at the millisecond before or at the beat, and skip the beats that are past.
      beat = Math.max(beat + 1, Math.floor((this.now() - start) / ms + 1e-6) + 1);
      handle = setTimeout(run, Math.max(0, Math.round(start + beat * ms - this.now())));
    };
    const run = (): void => {
      arm();
      act();
    };
    arm();
    return { cancel: () => clearTimeout(handle) };
  }
}
