/**
 * Time is a port: nobody but a clock driver reads the system's time or sets timers, so that tests
 * and scenarios run on simulated time.
 */
export interface Timer {
  /** Ends the timer. Harmless when it has fired or was cancelled before. */
  cancel(): void;
}

export interface Clock {
  /**
   * Monotonic time in milliseconds, fractional. The zero point is the machine's boot, so two
   * processes of one machine may compare their values; it never jumps. Durations use this one.
   */
  now(): number;
  /** Wall time in milliseconds since 1970-01-01 UTC. May jump: only for records and for people. */
  wall(): number;
  /** Calls `act` once, `ms` (0 or more) from now. */
  after(ms: number, act: () => void): Timer;
  /**
   * Calls `act` every `ms` (more than 0). Beats stay on the grid `start + n * ms`; beats that were
   * missed are dropped, never made up for in a burst.
   */
  every(ms: number, act: () => void): Timer;
}

/** A promise that resolves after `ms` on `clock`. */
export function delay(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}
