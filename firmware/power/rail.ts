import type { Switch } from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { FaultCode } from '../link/schema.ts';
import { Device } from '../safety/device.ts';

/** How often a line that should be right is looked at. */
const READ_BACK_MS = 100;
/** A line may differ from what was asked for as long as this: the switch's own time. */
const SETTLE_MS = 60;

/**
 * A power line that is on only while it is wanted. What it is told is written until the line, read
 * back, agrees: a rail that cannot be turned off is the fault that matters most.
 */
export class Rail {
  private readonly device: Device<boolean>;
  private wanted = false;
  private changedMs = 0;
  private readMs = Number.NEGATIVE_INFINITY;
  private actual: boolean;
  private mismatch = false;

  constructor(
    private readonly line: Switch,
    fault: FaultCode,
    private readonly clock: Clock,
    log: Log,
  ) {
    this.actual = false;
    this.device = new Device(
      fault,
      clock,
      log,
      () => this.writeAndRead(),
      (on) => this.seen(on),
    );
  }

  /** The line as read back last. */
  get on(): boolean {
    return this.actual;
  }

  /** The line does not do what it is told, or cannot be reached. */
  get faulty(): boolean {
    return this.mismatch || this.device.degraded;
  }

  /** To be called each tick. */
  want(on: boolean): void {
    const nowMs = this.clock.now();
    if (on !== this.wanted) {
      this.wanted = on;
      this.changedMs = nowMs;
    }
    if (this.actual === on && nowMs - this.readMs < READ_BACK_MS) return;
    this.device.start();
  }

  private async writeAndRead(): Promise<boolean> {
    const on = this.wanted;
    if (this.actual !== on || this.mismatch) await this.line.set(on);
    // Absent: there is no line to read, the device it would feed has its own power.
    return this.line.present ? await this.line.read() : on;
  }

  private seen(on: boolean): void {
    const nowMs = this.clock.now();
    this.readMs = nowMs;
    this.actual = on;
    this.mismatch = on !== this.wanted && nowMs - this.changedMs > SETTLE_MS;
  }
}
