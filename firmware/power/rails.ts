import type { BodyHardware, Switch } from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { CallGuard } from '../core/call-guard.ts';
import type { FaultCode } from '../link/schema.ts';

/** Maximum onsets in any WINDOW_MS: below three flashes a second (photosensitive epilepsy). */
const ONSETS = 2;
const WINDOW_MS = 1_000;

/**
 * Limits how often a light may come on. Off is never delayed; on is deferred until it cannot cause
 * flashing, at any rate of requests.
 */
class OnsetLimit {
  /** The latest onsets, oldest first. */
  private readonly onsets: number[] = [];

  /** May it come on now? */
  allows(nowMs: number): boolean {
    const [oldest] = this.onsets;
    return this.onsets.length < ONSETS || oldest === undefined || nowMs - oldest >= WINDOW_MS;
  }

  note(nowMs: number): void {
    this.onsets.push(nowMs);
    if (this.onsets.length > ONSETS) this.onsets.shift();
  }
}

/** Read-back period of a line in its commanded state. */
const READ_BACK_MS = 100;
/** A line may differ from its command for this long: the switching time. */
const SETTLE_MS = 60;

/** The commanded state. `unproven`: off, but not yet read back as off. */
type Command = 'unproven' | 'off' | 'on';

/**
 * A power line with read-back. The command is written until the line reads back as commanded: a
 * rail that cannot be turned off is the most serious fault. So it is not turned on before it has
 * been read back as off once: a stuck switch must not start a session.
 */
class Rail {
  private readonly calls: CallGuard<boolean, FaultCode>;
  private command: Command = 'unproven';
  private changedMs: number;
  private readMs = Number.NEGATIVE_INFINITY;
  /** Last read-back; undefined: none yet, so that it is written first. */
  private actual: boolean | undefined;
  private mismatch = false;

  constructor(
    private readonly line: Switch,
    private readonly fault: FaultCode,
    private readonly clock: Clock,
    log: Log,
    /** Of the light powered by this line. */
    private readonly onsets?: OnsetLimit,
  ) {
    this.changedMs = clock.now();
    this.calls = new CallGuard(fault, clock, log, {
      call: () => this.writeAndRead(),
      done: (on) => this.takeReadBack(on),
    });
  }

  /** Last read-back. */
  get on(): boolean {
    return this.actual === true;
  }

  /** The line has been off since the start of this process at least once. */
  get provenOff(): boolean {
    return this.command !== 'unproven';
  }

  /** The line differs from its command, or cannot be reached. */
  faults(add: (code: FaultCode) => void): void {
    if (this.mismatch || this.calls.degraded) add(this.fault);
  }

  /** To be called each tick. */
  set(on: boolean): void {
    const nowMs = this.clock.now();
    const was = this.command;
    const allowed = on && (was === 'on' || (was === 'off' && this.mayComeOn(nowMs)));
    if (allowed !== (was === 'on')) {
      this.command = allowed ? 'on' : 'off';
      this.changedMs = nowMs;
      if (allowed) this.onsets?.note(nowMs);
      // Off does not wait for a call that may hang; the following call checks the result.
      if (!allowed && this.calls.underWay) this.line.set(false).catch(() => {});
    }
    if (this.actual === allowed && nowMs - this.readMs < READ_BACK_MS) return;
    this.calls.start();
  }

  private mayComeOn(nowMs: number): boolean {
    return this.onsets?.allows(nowMs) ?? true;
  }

  private async writeAndRead(): Promise<boolean> {
    const on = this.command === 'on';
    if (this.actual !== on || this.mismatch) await this.line.set(on);
    // Absent: there is no line to read; the device has its own power.
    return this.line.present ? await this.line.read() : on;
  }

  private takeReadBack(on: boolean): void {
    const nowMs = this.clock.now();
    this.readMs = nowMs;
    this.actual = on;
    if (this.command === 'unproven' && !on) this.command = 'off';
    this.mismatch = on !== (this.command === 'on') && nowMs - this.changedMs > SETTLE_MS;
  }
}

/** The start waits no longer for lines that do not turn off: they are a fault, and retried. */
const START_MS = 300;

/** Commanded state of each rail; true: on. */
interface RailStates {
  readonly camera: boolean;
  readonly microphone: boolean;
  readonly amplifier: boolean;
}

const ALL_OFF: RailStates = { camera: false, microphone: false, amplifier: false };

/** The power lines of camera, microphone and amplifier. */
export class Rails {
  readonly camera: Rail;
  readonly microphone: Rail;
  readonly amplifier: Rail;
  private readonly all: readonly Rail[];
  private readonly startMs: number;
  private started = false;

  constructor(
    hardware: BodyHardware,
    clock: Clock,
    private readonly log: Log,
  ) {
    // The watch light is powered by this rail.
    const watchLight = new OnsetLimit();
    this.camera = new Rail(hardware.cameraRail, 'cameraRail', clock, log, watchLight);
    this.microphone = new Rail(hardware.microphoneRail, 'microphoneRail', clock, log);
    this.amplifier = new Rail(hardware.amplifier, 'amplifier', clock, log);
    this.all = [this.camera, this.microphone, this.amplifier];
    this.startMs = clock.now();
  }

  /**
   * To be called each tick until true (all rails are off), before anything else of the body is
   * used.
   */
  ready(nowMs: number): boolean {
    if (this.started) return true;
    const off = this.all.every((rail) => rail.provenOff);
    this.started = off || nowMs - this.startMs >= START_MS;
    if (!this.started) this.set(ALL_OFF);
    else if (!off)
      this.log.error({}, 'a rail does not turn off: it stays off limits until it does');
    return this.started;
  }

  set(states: RailStates): void {
    this.camera.set(states.camera);
    this.microphone.set(states.microphone);
    this.amplifier.set(states.amplifier);
  }

  faults(add: (code: FaultCode) => void): void {
    for (const rail of this.all) rail.faults(add);
  }
}
