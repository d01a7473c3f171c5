/**
 * Wall time in tenths of a millisecond, modulo 2^32, the same in all processes of this machine.
 * `performance.now()` counts on from one calibration against the system's wall clock: `Date.now()`
 * alone has whole milliseconds, and `performance.timeOrigin` may have drifted since the start.
 */
export class StampClock {
  private readonly originMs: number;

  constructor() {
    const before = Date.now();
    let tick = before;
    while (tick === before) tick = Date.now();
    this.originMs = tick - performance.now();
  }

  /** Tenths of a millisecond at `atMs` on performance.now()'s time base. */
  tenths(atMs: number = performance.now()): number {
    return Math.floor((this.originMs + atMs) * 10) % 2 ** 32;
  }

  /** Milliseconds from the stamp to `atMs`. */
  sinceMs(stamp: number, atMs: number): number {
    const tenths = (this.originMs + atMs) * 10 - stamp;
    const turns = Math.round(tenths / 2 ** 32);
    return (tenths - turns * 2 ** 32) / 10;
  }
}
