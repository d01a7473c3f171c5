import type { AxisCalibration, Calibration } from '../../hal/boards/calibration.ts';
import type { HeadServos } from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { CallGuard } from '../core/call-guard.ts';
import { Durations } from '../core/durations.ts';
import type { FaultCode } from '../link/schema.ts';
import type { Pose } from './head-motion.ts';

/** Refresh period for an unchanged target: the chip may have lost its supply meanwhile. */
const REFRESH_MS = 500;
/**
 * A moving head catches up after shorter gaps; after longer ones it restarts from where it stood.
 */
const STANDING_MS = 40;
/** After a gap of this length torque is turned off. */
const LOST_MS = 100;
/**
 * The loop's longest period. A loop that was blocked for longer has not processed answers either,
 * which may have come in time; that is not the servos' fault.
 */
const LONGEST_TICK_MS = 50;
/**
 * Torque then stays off for this long before the retry (turning it off needs no bus and succeeds).
 */
const RETRY_MS = 1_000;
/** A command with an older timestamp has a wrong one and is not measured. */
const OLDEST_COMMAND_MS = 1_000;

/** Target of the servos: a pose to hold, or torque off. */
type ServoTarget = Pose | 'torqueOff';

/** Servo writes fail: since when, and how much of that time the loop was running. */
interface Outage {
  readonly sinceMs: number;
  readonly seenMs: number;
  readonly tickedMs: number;
}

/** `sinceMs`: since when no call has succeeded; undefined: calls succeed. */
function stepOutage(
  before: Outage | undefined,
  sinceMs: number | undefined,
  nowMs: number,
): Outage | undefined {
  if (sinceMs === undefined) return undefined;
  const known = before?.sinceMs === sinceMs ? before : { tickedMs: sinceMs, seenMs: 0 };
  const seenMs = known.seenMs + Math.min(nowMs - known.tickedMs, LONGEST_TICK_MS);
  return { sinceMs, seenMs, tickedMs: nowMs };
}

/** Writes the servos' target until a write succeeds. */
export class ServoDrive {
  private readonly calls: CallGuard<void, FaultCode>;
  private target: ServoTarget = 'torqueOff';
  /** The last target written; undefined when it is not known. */
  private written: ServoTarget | undefined;
  /** The last known value of `written`. */
  private confirmed: ServoTarget | undefined;
  private writtenMs = Number.NEGATIVE_INFINITY;
  private outage: Outage | undefined;
  private lostUntilMs = Number.NEGATIVE_INFINITY;
  private receivedAtMs: number | undefined;
  /** A command came during a write: it is written right after it, not a tick later. */
  private commandPending = false;
  /** From a command's arrival at the agent to the end of its first write to the servo chip. */
  readonly commandToWrite = new Durations();

  constructor(
    private readonly servos: HeadServos,
    private readonly calibration: Calibration | undefined,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.calls = new CallGuard('servoDriver', clock, log, {
      call: () => this.write(),
      done: () => {
        if (this.commandPending) this.calls.start();
      },
    });
  }

  get present(): boolean {
    return this.servos.present;
  }

  /** Where the servos stand when writes have failed for a while. */
  get standing(): Pose | undefined {
    const { confirmed } = this;
    if (!confirmed || confirmed === 'torqueOff' || !this.calls.outFor(STANDING_MS))
      return undefined;
    return confirmed;
  }

  faults(add: (code: FaultCode) => void): void {
    if (this.calls.degraded || this.lost) add(this.calls.code);
  }

  /** The servos cannot be commanded. */
  get lost(): boolean {
    return this.clock.now() < this.lostUntilMs;
  }

  /** To be called each tick, before decisions: detects servos that cannot be written. */
  watch(nowMs: number): void {
    this.outage = stepOutage(this.outage, this.calls.outSinceMs, nowMs);
    if (!this.outage || this.outage.seenMs < LOST_MS) return;
    if (!this.lost)
      this.log.warn(
        { outMs: nowMs - this.outage.sinceMs, why: this.calls.why ?? 'no answer' },
        'servos take nothing: torque off',
      );
    this.lostUntilMs = nowMs + RETRY_MS;
  }

  get torqueOff(): boolean {
    return this.target === 'torqueOff';
  }

  hold(pose: Pose): void {
    this.target = pose;
    this.push();
  }

  /** Writes a command's first setpoint at once; `receivedAtMs`: when the agent received it. */
  begin(pose: Pose, receivedAtMs: number | undefined): void {
    this.target = pose;
    this.receivedAtMs ??= receivedAtMs;
    this.commandPending = true;
    this.calls.start();
  }

  /**
   * Turns torque off, without waiting for a write in flight: the output-enable line needs no bus,
   * and the bus may be the reason. The following call checks the result.
   */
  turnTorqueOff(): void {
    this.target = 'torqueOff';
    if (this.calls.underWay) this.servos.release().catch(() => {});
    this.push();
  }

  /** To be called each tick: writes a change, retries a failed write, refreshes periodically. */
  push(): void {
    if (same(this.target, this.written) && this.clock.now() - this.writtenMs < REFRESH_MS) return;
    this.calls.start();
  }

  private async write(): Promise<void> {
    const { target, calibration, receivedAtMs } = this;
    this.receivedAtMs = undefined;
    this.commandPending = false;
    this.written = undefined;
    if (target === 'torqueOff' || !calibration) await this.servos.release();
    else
      await this.servos.setPulses(
        pulseUs(calibration.pan, target.pan),
        pulseUs(calibration.tilt, target.tilt),
      );
    this.written = target;
    this.confirmed = target;
    this.writtenMs = this.clock.now();
    this.measure(receivedAtMs);
  }

  private measure(receivedAtMs: number | undefined): void {
    if (receivedAtMs === undefined) return;
    const tookMs = this.writtenMs - receivedAtMs;
    if (tookMs >= 0 && tookMs <= OLDEST_COMMAND_MS) this.commandToWrite.add(tookMs);
  }
}

function same(a: ServoTarget, b: ServoTarget | undefined): boolean {
  if (b === undefined || a === 'torqueOff' || b === 'torqueOff') return a === b;
  return a.pan === b.pan && a.tilt === b.tilt;
}

/** The pulse that holds an axis at `deg`, within what the calibration allows. */
function pulseUs(calibration: AxisCalibration, deg: number): number {
  const us = calibration.zeroUs + calibration.usPerDeg * deg;
  return Math.min(calibration.maxUs, Math.max(calibration.minUs, us));
}
