import type { Watchdog } from '../hal/ports/body.ts';
import type { Clock, Timer } from '../hal/ports/clock.ts';
import type { Log } from '../hal/ports/log.ts';
import type { Supervisor } from '../hal/ports/supervisor.ts';
import { Cadence } from './core/cadence.ts';
import { Durations, type Percentiles } from './core/durations.ts';
import { LoopWatch } from './safety/loop-watch.ts';

/** The control loop: 100 Hz. */
export const TICK_MS = 10;
/** Asleep, without torque, there is little to control: a fifth of the load. */
export const ASLEEP_TICK_MS = 50;
/** Failed ticks are logged at most this often. */
const REPORT_MS = 1_000;

/** Runs the tick periodically and monitors its own timing. Catches what a tick throws. */
export class Loop {
  readonly watch: LoopWatch;
  private readonly timing = new LoopTiming();
  private readonly failureReports = new Cadence(REPORT_MS);
  private failedTicks = 0;
  private timer: Timer | undefined;
  private periodMs = 0;

  constructor(
    watchdog: Watchdog,
    supervisor: Supervisor,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly tick: (nowMs: number) => void,
  ) {
    this.watch = new LoopWatch(watchdog, supervisor, clock, log);
  }

  /** Ticks at this period from now on. */
  pace(periodMs: number): void {
    if (periodMs === this.periodMs) return;
    this.timer?.cancel();
    this.periodMs = periodMs;
    this.timing.restart(periodMs, this.clock.now());
    this.timer = this.clock.every(periodMs, () => this.runTick());
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  get statistics(): LoopReport {
    return this.timing.report();
  }

  private runTick(): void {
    const nowMs = this.clock.now();
    const { periodMs } = this;
    const lateMs = this.timing.tick(nowMs);
    this.watch.beforeTick(nowMs);
    let completed = true;
    try {
      this.tick(nowMs);
    } catch (error) {
      completed = false;
      this.failedTicks += 1;
      // The head holds the last pulse; if ticks keep failing, the watchdog expires.
      if (this.failureReports.due(nowMs))
        this.log.error({ err: error, failedTicks: this.failedTicks }, 'a tick failed');
    }
    this.watch.afterTick(nowMs, periodMs, lateMs, completed);
  }
}

export interface LoopReport {
  readonly ticks: number;
  /** Ticks skipped because the one before was too late. */
  readonly missed: number;
  /** Deviation of a tick from its scheduled time, early or late. */
  readonly jitter: Percentiles;
}

/** Measures jitter and missed ticks. */
class LoopTiming {
  private readonly jitter = new Durations();
  /** Number of the next scheduled tick. */
  private nextTick = 1;
  private missed = 0;
  private periodMs = 0;
  private startMs = 0;

  /** Ticks are scheduled every `periodMs` from `startMs` on. */
  restart(periodMs: number, startMs: number): void {
    this.periodMs = periodMs;
    this.startMs = startMs;
    this.nextTick = 1;
  }

  /** Records a tick; returns how late it is, 0 when it is early. */
  tick(nowMs: number): number {
    const passedMs = nowMs - this.startMs;
    const offMs = passedMs - this.nextTick * this.periodMs;
    // As the clock does: the next tick is the first scheduled time that is not past.
    const next = Math.max(this.nextTick, Math.floor(passedMs / this.periodMs)) + 1;
    this.missed += next - this.nextTick - 1;
    this.nextTick = next;
    this.jitter.add(Math.abs(offMs));
    return Math.max(0, offMs);
  }

  report(): LoopReport {
    return { ticks: this.jitter.count, missed: this.missed, jitter: this.jitter.percentiles() };
  }
}
