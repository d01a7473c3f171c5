import type { Calibration } from '../../hal/boards/calibration.ts';
import type { HeadServos } from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { FaultCode } from '../link/schema.ts';
import { Device } from '../safety/device.ts';
import { Histogram } from '../safety/histogram.ts';
import type { Pose } from './head.ts';
import { pulseUs } from './servo-map.ts';

/** A still head is written this often: the chip may have lost its supply meanwhile. */
const REFRESH_MS = 500;
/** Shorter gaps a moving head makes up for; after longer ones it starts anew from where it stood. */
const STANDING_MS = 40;
/** After this long it is let go. */
const LOST_MS = 100;
/**
 * The loop's longest wait between ticks. A loop that stood still for longer has seen no answer
 * either, and one that came in time is not held against the servos.
 */
const LONGEST_TICK_MS = 50;
/** After that they stay limp for this long before the next try: release needs no bus and succeeds. */
const TRY_AGAIN_MS = 1_000;
/** A command that claims to be older has a wrong time on it and is not measured. */
const OLDEST_COMMAND_MS = 1_000;

/** What the servos should do, written until they took it. */
export class ServoDrive {
  private readonly device: Device<void>;
  private wanted: Pose | 'limp' = 'limp';
  /** What the chip has; undefined when it is not known. */
  private taken: Pose | 'limp' | undefined;
  /** As `taken`, the last time that it was known. */
  private confirmed: Pose | 'limp' | undefined;
  private takenMs = Number.NEGATIVE_INFINITY;
  private tickedMs = Number.NEGATIVE_INFINITY;
  /** Since when they have taken nothing, and how much of that the loop has seen. */
  private outSinceMs: number | undefined;
  private outMs = 0;
  private lostUntilMs = Number.NEGATIVE_INFINITY;
  private receivedAtMs: number | undefined;
  /** A command came while a write was under way: it is written right behind, not a tick later. */
  private begun = false;
  /** From a command's arrival at the agent to the servo chip having taken its first write. */
  readonly commandToWrite = new Histogram();

  constructor(
    private readonly servos: HeadServos,
    private readonly calibration: Calibration | undefined,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.device = new Device(
      'servoDriver',
      clock,
      log,
      () => this.write(),
      () => {
        if (this.begun) this.device.start();
      },
    );
  }

  get present(): boolean {
    return this.servos.present;
  }

  get code(): FaultCode {
    return this.device.code;
  }

  /** Where servos stand that have taken nothing for a while, though they should. */
  get standing(): Pose | undefined {
    const { confirmed } = this;
    if (!confirmed || confirmed === 'limp' || !this.device.outFor(STANDING_MS)) return undefined;
    return confirmed;
  }

  /** Calls fail often enough that somebody should know. */
  get faulty(): boolean {
    return this.device.degraded || this.lost;
  }

  /** The servos cannot be commanded: whatever the head does, it does not do what it is told. */
  get lost(): boolean {
    return this.clock.now() < this.lostUntilMs;
  }

  /** To be called each tick, before anything is decided: notices servos that take nothing. */
  watch(nowMs: number): void {
    const since = this.device.outSinceMs;
    const known = since !== undefined && since === this.outSinceMs;
    const fromMs = known ? this.tickedMs : (since ?? nowMs);
    this.outMs = (known ? this.outMs : 0) + Math.min(nowMs - fromMs, LONGEST_TICK_MS);
    this.outSinceMs = since;
    this.tickedMs = nowMs;
    if (since === undefined || this.outMs < LOST_MS) return;
    if (!this.lost)
      this.log.warn(
        { outMs: nowMs - since, why: this.device.why ?? 'no answer' },
        'servos take nothing: let go',
      );
    this.lostUntilMs = nowMs + TRY_AGAIN_MS;
  }

  get limp(): boolean {
    return this.wanted === 'limp';
  }

  hold(pose: Pose): void {
    this.wanted = pose;
    this.push();
  }

  /** Writes the beginning of a command at once; `receivedAtMs` is when the agent had it. */
  begin(pose: Pose, receivedAtMs: number | undefined): void {
    this.wanted = pose;
    this.receivedAtMs ??= receivedAtMs;
    this.begun = true;
    this.device.start();
  }

  /**
   * Not behind a write that is under way: the output-enable line needs no bus, and the bus may be
   * why the head has to be let go. What comes of it is seen by the call that follows.
   */
  release(): void {
    this.wanted = 'limp';
    if (this.device.underWay) this.servos.release().catch(() => {});
    this.push();
  }

  /** To be called each tick: writes what has changed, what failed, and now and then what is. */
  push(): void {
    if (same(this.wanted, this.taken) && this.clock.now() - this.takenMs < REFRESH_MS) return;
    this.device.start();
  }

  private async write(): Promise<void> {
    const { wanted, calibration, receivedAtMs } = this;
    this.receivedAtMs = undefined;
    this.begun = false;
    this.taken = undefined;
    if (wanted === 'limp' || !calibration) await this.servos.release();
    else
      await this.servos.setPulses(
        pulseUs(calibration.pan, wanted.pan),
        pulseUs(calibration.tilt, wanted.tilt),
      );
    this.taken = wanted;
    this.confirmed = wanted;
    this.takenMs = this.clock.now();
    this.measure(receivedAtMs);
  }

  private measure(receivedAtMs: number | undefined): void {
    if (receivedAtMs === undefined) return;
    const tookMs = this.takenMs - receivedAtMs;
    if (tookMs >= 0 && tookMs <= OLDEST_COMMAND_MS) this.commandToWrite.add(tookMs);
  }
}

function same(a: Pose | 'limp', b: Pose | 'limp' | undefined): boolean {
  if (b === undefined || a === 'limp' || b === 'limp') return a === b;
  return a.pan === b.pan && a.tilt === b.tilt;
}
