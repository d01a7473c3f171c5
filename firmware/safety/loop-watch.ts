import type { Watchdog } from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Supervisor } from '../../hal/ports/supervisor.ts';
import { CallGuard } from '../core/call-guard.ts';
import type { FaultCode } from '../link/schema.ts';

/** The loop is judged over windows of this length. */
const WINDOW_MS = 1_000;
/** Share of the beats of a window that must have been carried out whole. */
const ENOUGH = 0.7;
/** A tick later than this is a disturbance that people should know of; this many in a window are no accident. */
const LATE = { byMs: 50, ticks: 3 } as const;
/** A loop that stood still for so long has been given up by the agent (BODY_LOST_MS there). */
const STALLED_MS = 400;
/** Until then what waited meanwhile has been heard: a press takes DEBOUNCE_MS and a turn of the loop. */
const CATCH_UP_MS = 100;

/**
 * Kicks the hardware watchdog and systemd's, but only for a loop that did its work and kept its
 * time: a process that merely lives must keep neither the board nor itself from being reset.
 */
export class LoopWatch {
  private readonly kicks: CallGuard<void, FaultCode>;
  private readonly judgedMs: number;
  private windowMs: number;
  /** Milliseconds of the window that whole ticks stand for. */
  private wholeMs = 0;
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
    const patience = Math.min(
      watchdog.timeoutMs,
      supervisor.watchdogMs ?? Number.POSITIVE_INFINITY,
    );
    this.judgedMs = Math.min(WINDOW_MS, patience / 3);
  }

  /** Before each tick. */
  beforeTick(nowMs: number): void {
    if (this.tickedMs !== undefined && nowMs - this.tickedMs > STALLED_MS)
      this.caughtUpMs = nowMs + CATCH_UP_MS;
    this.tickedMs = nowMs;
  }

  /**
   * Whether the process was held up a moment ago: the teacher may have pressed meanwhile, and that is
   * still on its way. Nobody is told that there is no pause, and nobody is seen, until it has come.
   */
  catchingUp(nowMs: number): boolean {
    return nowMs < this.caughtUpMs;
  }

  /** After each tick: `whole` when nothing in it failed. */
  afterTick(nowMs: number, periodMs: number, lateMs: number, whole: boolean): void {
    if (whole) this.wholeMs += periodMs;
    if (lateMs > LATE.byMs) this.lateTicks += 1;
    const passedMs = nowMs - this.windowMs;
    if (passedMs < this.judgedMs) return;
    this.lateWindow = this.lateTicks >= LATE.ticks;
    if (this.wholeMs >= ENOUGH * passedMs) {
      this.kicks.start();
      this.supervisor.alive();
    }
    this.windowMs = nowMs;
    this.wholeMs = 0;
    this.lateTicks = 0;
  }

  faults(add: (code: FaultCode) => void): void {
    if (this.kicks.degraded) add('watchdog');
    if (this.lateWindow) add('loopLate');
  }
}
