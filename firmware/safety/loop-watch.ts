import type { Watchdog } from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Supervisor } from '../../hal/ports/supervisor.ts';
import { CallGuard } from '../core/call-guard.ts';
import type { FaultCode } from '../link/schema.ts';

/** The loop is evaluated over windows of this length. */
const WINDOW_MS = 1_000;
/** Fraction of a window's ticks that must have completed without error. */
const ENOUGH = 0.7;
/** `ticks` ticks later than `byMs` in a window are reported as a fault. */
const LATE = { byMs: 50, ticks: 3 } as const;
/** After a standstill of this length the agent considers the body lost (its BODY_LOST_MS). */
const STALLED_MS = 400;
/**
 * Pending events are handled within this: a press takes DEBOUNCE_MS and a turn of the event loop.
 */
const CATCH_UP_MS = 100;

/**
 * Kicks the hardware watchdog and systemd's, but only while the loop does its work in time: a
 * process that is merely alive must not prevent a reset.
 */
export class LoopWatch {
  private readonly kicks: CallGuard<void, FaultCode>;
  private readonly windowLengthMs: number;
  private windowMs: number;
  /** Milliseconds of the window covered by completed ticks. */
  private completedMs = 0;
  private lateTicks = 0;
  private lateWindow = false;
  private tickedMs: number | undefined;
  private caughtUpMs = Number.NEGATIVE_INFINITY;

  constructor(
    watchdog: Watchdog,
    private readonly supervisor: Supervisor,
    clock: Clock,
    log: Log,
  ) {
    this.kicks = new CallGuard('watchdog', clock, log, { call: () => watchdog.kick() });
    this.windowMs = clock.now();
    const timeoutMs = Math.min(
      watchdog.timeoutMs,
      supervisor.watchdogMs ?? Number.POSITIVE_INFINITY,
    );
    this.windowLengthMs = Math.min(WINDOW_MS, timeoutMs / 3);
  }

  /** Before each tick. */
  beforeTick(nowMs: number): void {
    if (this.tickedMs !== undefined && nowMs - this.tickedMs > STALLED_MS)
      this.caughtUpMs = nowMs + CATCH_UP_MS;
    this.tickedMs = nowMs;
  }

  /**
   * Whether the process was blocked a moment ago: a press of the teacher's button may still be
   * pending. Until it is handled, `body` is not sent and the camera stays off.
   */
  catchingUp(nowMs: number): boolean {
    return nowMs < this.caughtUpMs;
  }

  /** After each tick; `completed`: it did not throw. */
  afterTick(nowMs: number, periodMs: number, lateMs: number, completed: boolean): void {
    if (completed) this.completedMs += periodMs;
    if (lateMs > LATE.byMs) this.lateTicks += 1;
    const passedMs = nowMs - this.windowMs;
    if (passedMs < this.windowLengthMs) return;
    this.lateWindow = this.lateTicks >= LATE.ticks;
    if (this.completedMs >= ENOUGH * passedMs) {
      this.kicks.start();
      this.supervisor.alive();
    }
    this.windowMs = nowMs;
    this.completedMs = 0;
    this.lateTicks = 0;
  }

  faults(add: (code: FaultCode) => void): void {
    if (this.kicks.degraded) add('watchdog');
    if (this.lateWindow) add('loopLate');
  }
}
