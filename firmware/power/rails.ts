import type { BodyHardware } from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { FaultCode } from '../link/schema.ts';
import { OnsetLimit } from './onset-limit.ts';
import { Rail } from './rail.ts';

/** A start does not wait longer for lines that do not turn off: they are a fault, and tried on. */
const START_MS = 300;

/** What each rail should be. */
export interface RailsWanted {
  readonly camera: boolean;
  readonly microphone: boolean;
  readonly amplifier: boolean;
}

const ALL_OFF: RailsWanted = { camera: false, microphone: false, amplifier: false };

/** The three lines that feed what sees, hears and speaks. */
export class Rails {
  readonly camera: Rail;
  readonly microphone: Rail;
  readonly amplifier: Rail;
  private readonly startMs: number;
  private begun = false;

  constructor(
    hardware: BodyHardware,
    clock: Clock,
    private readonly log: Log,
  ) {
    // The watch light hangs on this rail.
    const watchLight = new OnsetLimit();
    this.camera = new Rail(hardware.cameraRail, 'cameraRail', clock, log, watchLight);
    this.microphone = new Rail(hardware.microphoneRail, 'microphoneRail', clock, log);
    this.amplifier = new Rail(hardware.amplifier, 'amplifier', clock, log);
    this.startMs = clock.now();
  }

  /** Each tick until it is true, before anything else of the body is touched: all is off. */
  ready(nowMs: number): boolean {
    if (this.begun) return true;
    const off = [this.camera, this.microphone, this.amplifier].every((rail) => rail.provenOff);
    this.begun = off || nowMs - this.startMs >= START_MS;
    if (!this.begun) this.want(ALL_OFF);
    else if (!off)
      this.log.error({}, 'a rail does not turn off: it stays off limits until it does');
    return this.begun;
  }

  want(wanted: RailsWanted): void {
    this.camera.want(wanted.camera);
    this.microphone.want(wanted.microphone);
    this.amplifier.want(wanted.amplifier);
  }

  faults(add: (code: FaultCode) => void): void {
    if (this.camera.faulty) add('cameraRail');
    if (this.microphone.faulty) add('microphoneRail');
    if (this.amplifier.faulty) add('amplifier');
  }
}
