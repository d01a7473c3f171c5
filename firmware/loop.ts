import type { Watchdog } from '../hal/ports/body.ts';
import type { Clock, Timer } from '../hal/ports/clock.ts';
import type { Log } from '../hal/ports/log.ts';
import type { Supervisor } from '../hal/ports/supervisor.ts';
import { Cadence } from './cadence.ts';
import { type LoopReport, LoopTiming } from './safety/loop-timing.ts';
import { LoopWatch } from './safety/loop-watch.ts';

/** The control loop: 100 Hz. */
export const TICK_MS = 10;
/** Asleep, with limp servos, there is little to control: a fifth of the work. */
export const ASLEEP_TICK_MS = 50;
/** Failed ticks are told to the log this often. */
const REPORT_MS = 1_000;

/** Beats, and watches over its own beats. Nothing that a tick throws gets out. */
export class Loop {
  readonly watch: LoopWatch;
  private readonly timing: LoopTiming;
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
    this.timing = new LoopTiming();
  }

  /** Beats at this period from now on. */
  pace(periodMs: number): void {
    if (periodMs === this.periodMs) return;
    this.timer?.cancel();
    this.periodMs = periodMs;
    this.timing.restart(periodMs, this.clock.now());
    this.timer = this.clock.every(periodMs, () => this.beat());
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  get statistics(): LoopReport {
    return this.timing.report();
  }

  private beat(): void {
    const nowMs = this.clock.now();
    const { periodMs } = this;
    const lateMs = this.timing.tick(nowMs);
    let whole = true;
    try {
      this.tick(nowMs);
    } catch (error) {
      whole = false;
      this.failedTicks += 1;
      // The head stands at the last pulse; a loop that goes on failing loses the watchdog.
      if (this.failureReports.due(nowMs))
        this.log.error({ err: error, failedTicks: this.failedTicks }, 'a tick failed');
    }
    this.watch.ticked(nowMs, periodMs, lateMs, whole);
  }
}
