/**
 * Time is a port: only clock drivers read the system's time or set timers, so that tests and
 * scenarios run on simulated time.
 */
export interface Timer {
  /** Cancels the timer. No effect when it has fired or was cancelled before. */
  cancel(): void;
}

export interface Clock {
  /**
   * Monotonic time in milliseconds, fractional. Zero is the machine's boot, so two
   * processes of one machine may compare their values; it never jumps. Use it for durations.
   */
  now(): number;
  /** Wall time in milliseconds since 1970-01-01 UTC. May jump: only for records and display. */
  wall(): number;
  /** Calls `act` once, `ms` (0 or more) from now. */
  after(ms: number, act: () => void): Timer;
  /**
   * Calls `act` every `ms` (more than 0). Ticks stay on the grid `start + n * ms`; missed ticks
   * are dropped, never caught up in a burst.
   */
  every(ms: number, act: () => void): Timer;
}

/** A promise that resolves after `ms` on `clock`. */
export function delay(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}
