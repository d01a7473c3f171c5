import type { Switch } from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { FaultCode } from '../link/schema.ts';
import { Device } from '../safety/device.ts';
import type { OnsetLimit } from './onset-limit.ts';

/** How often a line that should be right is looked at. */
const READ_BACK_MS = 100;
/** A line may differ from what was asked for as long as this: the switch's own time. */
const SETTLE_MS = 60;

/**
 * A power line that is on only while it is wanted. What it is told is written until the line, read
 * back, agrees: a rail that cannot be turned off is the fault that matters most. So it is not
 * turned on before it has once been seen to be off: a switch that is stuck must not start a session.
 */
export class Rail {
  private readonly device: Device<boolean>;
  private wanted = false;
  private changedMs: number;
  private readMs = Number.NEGATIVE_INFINITY;
  /** As read back last; undefined: not yet, so that it is written first. */
  private actual: boolean | undefined;
  private mismatch = false;
  private seenOff = false;

  constructor(
    private readonly line: Switch,
    fault: FaultCode,
    private readonly clock: Clock,
    log: Log,
    /** Of the light that hangs on this line. */
    private readonly onsets?: OnsetLimit,
  ) {
    this.changedMs = clock.now();
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
    return this.actual === true;
  }

  /** The line has been off since the start of this process at least once. */
  get provenOff(): boolean {
    return this.seenOff;
  }

  /** The line does not do what it is told, or cannot be reached. */
  get faulty(): boolean {
    return this.mismatch || this.device.degraded;
  }

  /** To be called each tick. */
  want(on: boolean): void {
    const nowMs = this.clock.now();
    const allowed = on && this.seenOff && (this.wanted || this.mayComeOn(nowMs));
    if (allowed !== this.wanted) {
      this.wanted = allowed;
      this.changedMs = nowMs;
      if (allowed) this.onsets?.note(nowMs);
      // Off does not wait for a call that may hang; what comes of it is seen by the call that follows.
      if (!allowed && this.device.underWay) this.line.set(false).catch(() => {});
    }
    if (this.actual === allowed && nowMs - this.readMs < READ_BACK_MS) return;
    this.device.start();
  }

  private mayComeOn(nowMs: number): boolean {
    return this.onsets?.allows(nowMs) ?? true;
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
    this.seenOff ||= !on;
    this.mismatch = on !== this.wanted && nowMs - this.changedMs > SETTLE_MS;
  }
}
