import type { Timer } from '../ports/clock.ts';
import { SystemClock } from './system-clock.ts';

/** The event loop is woken this long before a beat: its timers have a grain of 1 ms. */
const EARLY_MS = 1.3;

/**
 * A clock for a control loop. The event loop keeps time to about a millisecond; here it is woken
 * just before each beat and sleeps the rest in the kernel, to some hundredths of a millisecond
 * under SCHED_FIFO. It costs no computing time, but nothing else of the process runs for that up
 * to EARLY_MS of each beat: right for firmware, wrong for the agent.
 */
export class PreciseClock extends SystemClock {
  private readonly never = new Int32Array(new SharedArrayBuffer(4));

  override every(ms: number, act: () => void): Timer {
    if (!(ms > 0)) throw new RangeError(`every: expected more than 0 ms, got ${ms}`);
    const start = this.now();
    let beat = 0;
    let handle: NodeJS.Timeout;
    const arm = (): void => {
      const now = this.now();
      // Beats that are past are skipped.
      beat = Math.max(beat, Math.floor((now - start) / ms)) + 1;
      handle = setTimeout(
        run,
        Math.max(0, Math.floor(start + beat * ms - EARLY_MS) - Math.floor(now)),
      );
    };
    const run = (): void => {
      this.sleepUntil(start + beat * ms);
      arm();
      act();
    };
    arm();
    return { cancel: () => clearTimeout(handle) };
  }

  /** Blocks; not at all when the time has come. */
  private sleepUntil(atMs: number): void {
    const leftMs = atMs - this.now();
    if (leftMs > 0) Atomics.wait(this.never, 0, 0, Math.min(leftMs, 2 * EARLY_MS));
  }
}
