import type { AxisCalibration, Calibration } from '../../hal/boards/calibration.ts';
import type { HeadServos } from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { CallGuard } from '../core/call-guard.ts';
import { Durations } from '../core/durations.ts';
import type { FaultCode } from '../link/schema.ts';
import type { Pose } from './head-motion.ts';

/** A still head is written this often: the chip may have lost its supply meanwhile. */
const REFRESH_MS = 500;
/** Shorter gaps a moving head makes up for; after longer ones it starts anew from where it stood. */
const STANDING_MS = 40;
/** After this long its torque is turned off. */
const LOST_MS = 100;
/**
 * The loop's longest wait between ticks. A loop that stood still for longer has seen no answer
 * either, and one that came in time is not held against the servos.
 */
const LONGEST_TICK_MS = 50;
/** Then torque stays off for this long before the next try: turning it off needs no bus and succeeds. */
const TRY_AGAIN_MS = 1_000;
/** A command that claims to be older has a wrong time on it and is not measured. */
const OLDEST_COMMAND_MS = 1_000;

/** What servos are told: to hold a pose, or no torque at all. */
type ServoTarget = Pose | 'torqueOff';

/** Servos take nothing: since when, and how much of that the loop has seen. */
interface Outage {
  readonly sinceMs: number;
  readonly seenMs: number;
  readonly tickedMs: number;
}

/** `sinceMs`: since when no call has succeeded; undefined: they do. */
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

/** Writes what the servos should do until they took it. */
export class ServoDrive {
  private readonly calls: CallGuard<void, FaultCode>;
  private target: ServoTarget = 'torqueOff';
  /** What the chip has; undefined when it is not known. */
  private taken: ServoTarget | undefined;
  /** As `taken`, the last time that it was known. */
  private confirmed: ServoTarget | undefined;
  private takenMs = Number.NEGATIVE_INFINITY;
  private outage: Outage | undefined;
  private lostUntilMs = Number.NEGATIVE_INFINITY;
  private receivedAtMs: number | undefined;
  /** A command came while a write was under way: it is written right behind, not a tick later. */
  private begun = false;
  /** From a command's arrival at the agent to the servo chip having taken its first write. */
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
        if (this.begun) this.calls.start();
      },
    });
  }

  get present(): boolean {
    return this.servos.present;
  }

  /** Where servos stand that have taken nothing for a while, though they should. */
  get standing(): Pose | undefined {
    const { confirmed } = this;
    if (!confirmed || confirmed === 'torqueOff' || !this.calls.outFor(STANDING_MS))
      return undefined;
    return confirmed;
  }

  faults(add: (code: FaultCode) => void): void {
    if (this.calls.degraded || this.lost) add(this.calls.code);
  }

  /** The servos cannot be commanded: whatever the head does, it does not do what it is told. */
  get lost(): boolean {
    return this.clock.now() < this.lostUntilMs;
  }

  /** To be called each tick, before anything is decided: notices servos that take nothing. */
  watch(nowMs: number): void {
    this.outage = stepOutage(this.outage, this.calls.outSinceMs, nowMs);
    if (!this.outage || this.outage.seenMs < LOST_MS) return;
    if (!this.lost)
      this.log.warn(
        { outMs: nowMs - this.outage.sinceMs, why: this.calls.why ?? 'no answer' },
        'servos take nothing: torque off',
      );
    this.lostUntilMs = nowMs + TRY_AGAIN_MS;
  }

  get torqueOff(): boolean {
    return this.target === 'torqueOff';
  }

  hold(pose: Pose): void {
    this.target = pose;
    this.push();
  }

  /** Writes the beginning of a command at once; `receivedAtMs` is when the agent had it. */
  begin(pose: Pose, receivedAtMs: number | undefined): void {
    this.target = pose;
    this.receivedAtMs ??= receivedAtMs;
    this.begun = true;
    this.calls.start();
  }

  /**
   * Turns torque off. Not behind a write that is under way: the output-enable line needs no bus, and
   * the bus may be why torque has to go. What comes of it is seen by the call that follows.
   */
  turnTorqueOff(): void {
    this.target = 'torqueOff';
    if (this.calls.underWay) this.servos.release().catch(() => {});
    this.push();
  }

  /** To be called each tick: writes what has changed, what failed, and now and then what is. */
  push(): void {
    if (same(this.target, this.taken) && this.clock.now() - this.takenMs < REFRESH_MS) return;
    this.calls.start();
  }

  private async write(): Promise<void> {
    const { target, calibration, receivedAtMs } = this;
    this.receivedAtMs = undefined;
    this.begun = false;
    this.taken = undefined;
    if (target === 'torqueOff' || !calibration) await this.servos.release();
    else
      await this.servos.setPulses(
        pulseUs(calibration.pan, target.pan),
        pulseUs(calibration.tilt, target.tilt),
      );
    this.taken = target;
    this.confirmed = target;
    this.takenMs = this.clock.now();
    this.measure(receivedAtMs);
  }

  private measure(receivedAtMs: number | undefined): void {
    if (receivedAtMs === undefined) return;
    const tookMs = this.takenMs - receivedAtMs;
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
