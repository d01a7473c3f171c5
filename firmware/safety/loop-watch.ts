import type { Watchdog } from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Supervisor } from '../../hal/ports/supervisor.ts';
import { Device } from './device.ts';

/** The loop is judged over windows of this length. */
const WINDOW_MS = 1_000;
/** Share of the beats of a window that must have been carried out whole. */
const ENOUGH = 0.7;
/** A tick later than this is a disturbance that people should know of. */
const LATE_MS = 50;
/** This many late ticks in a window are no accident. */
const LATE_TICKS = 3;

/**
 * Kicks the hardware watchdog and systemd's, but only for a loop that did its work and kept its
 * time: a process that merely lives must keep neither the board nor itself from being reset.
 */
export class LoopWatch {
  private readonly device: Device<void>;
  private readonly judgedMs: number;
  private windowMs: number;
  /** Milliseconds of the window that whole ticks stand for. */
  private wholeMs = 0;
  private lateTicks = 0;
  private lateWindow = false;

  constructor(
    watchdog: Watchdog,
    private readonly supervisor: Supervisor,
    clock: Clock,
    log: Log,
  ) {
    this.device = new Device(
      'watchdog',
      clock,
      log,
      () => watchdog.kick(),
      () => {},
    );
    this.windowMs = clock.now();
    const patience = Math.min(
      watchdog.timeoutMs,
      supervisor.watchdogMs ?? Number.POSITIVE_INFINITY,
    );
    this.judgedMs = Math.min(WINDOW_MS, patience / 3);
  }

  /** After each tick: `whole` when nothing in it failed. */
  ticked(nowMs: number, periodMs: number, lateMs: number, whole: boolean): void {
    if (whole) this.wholeMs += periodMs;
    if (lateMs > LATE_MS) this.lateTicks += 1;
    const passedMs = nowMs - this.windowMs;
    if (passedMs < this.judgedMs) return;
    this.lateWindow = this.lateTicks >= LATE_TICKS;
    if (this.wholeMs >= ENOUGH * passedMs) {
      this.device.start();
      this.supervisor.alive();
    }
    this.windowMs = nowMs;
    this.wholeMs = 0;
    this.lateTicks = 0;
  }

  get watchdogFaulty(): boolean {
    return this.device.degraded;
  }

  get late(): boolean {
    return this.lateWindow;
  }
}
