import type { Timer } from '../../ports/clock.ts';
import { SystemClock } from './system-clock.ts';

/** The event loop is woken this long before a beat, or up to 1 ms earlier: its timers' grain. */
const EARLY_MS = 1.3;
/** From then on what has come in gets its turn this often. */
const SLICE_MS = 0.25;
/** Not in the last moment, which is longer than most turns take: the beat would be late. */
const LAST_MS = 0.35;

/**
 * A clock for a control loop. The event loop keeps time to about a millisecond; here it is woken
 * just before each beat and sleeps the rest in the kernel, to some hundredths of a millisecond
 * under SCHED_FIFO. It sleeps in slices with a turn of the event loop between them, so that a
 * command, or the answer to a write, waits for LAST_MS at most. It costs under a hundredth of a
 * core, and a long turn just before a beat makes it late: right for firmware, wrong for the agent.
 */
export class PreciseClock extends SystemClock {
  private readonly never = new Int32Array(new SharedArrayBuffer(4));

  override every(ms: number, act: () => void): Timer {
    if (!(ms > 0)) throw new RangeError(`every: expected more than 0 ms, got ${ms}`);
    const start = this.now();
    let beat = 0;
    let handle: NodeJS.Timeout;
    let turn: NodeJS.Immediate | undefined;
    const arm = (): void => {
      const now = this.now();
      // Beats that are past are skipped.
      beat = Math.max(beat, Math.floor((now - start) / ms)) + 1;
      handle = setTimeout(
        approach,
        Math.max(0, Math.floor(start + beat * ms - EARLY_MS) - Math.floor(now)),
      );
    };
    const approach = (): void => {
      const leftMs = start + beat * ms - this.now();
      if (leftMs > LAST_MS) {
        this.sleep(Math.min(SLICE_MS, leftMs - LAST_MS));
        // Not before the event loop has polled for what has come in.
        turn = setImmediate(approach);
        return;
      }
      this.sleep(leftMs);
      arm();
      act();
    };
    arm();
    return {
      cancel: () => {
        clearTimeout(handle);
        clearImmediate(turn);
      },
    };
  }

  /** Blocks; not at all when the time has come. */
  private sleep(ms: number): void {
    if (ms > 0) Atomics.wait(this.never, 0, 0, ms);
  }
}
