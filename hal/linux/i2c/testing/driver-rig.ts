import type { OutputLine } from '../../../bus/gpio.ts';
import { type FakeDeskmate1, fakeDeskmate1 } from '../../../fake/deskmate1.ts';
import { type Clock, delay } from '../../../ports/clock.ts';
import { HardwareFault } from '../../../ports/fault.ts';
import { type DrivenClock, endedCall } from '../../testing/driven-clock.ts';
import { BusGuard } from '../guard.ts';

/** The OE pin's line, with every level it has had. */
export class FakeEnable implements OutputLine {
  on = false;
  broken = false;
  /** How long a call takes, as the first of a process does. */
  slowMs = 0;
  history: boolean[] = [];

  constructor(private readonly clock: Clock) {}

  async set(on: boolean): Promise<void> {
    if (this.slowMs > 0) await delay(this.clock, this.slowMs);
    if (this.broken) throw new HardwareFault('noAnswer', 'servo enable line', 'gone');
    this.on = on;
    this.history.push(on);
  }
  async get(): Promise<boolean> {
    return this.on;
  }
  async close(): Promise<void> {
    this.on = false;
  }
}

/** What drivers of the reference robot's chips are put on: its bus, guarded, and the servos' OE line. */
export class DriverRig {
  readonly enable: FakeEnable;
  readonly robot: FakeDeskmate1;
  readonly bus: BusGuard;

  constructor(readonly clock: DrivenClock) {
    this.enable = new FakeEnable(clock);
    this.robot = fakeDeskmate1(clock, { servoEnable: () => this.enable.on });
    this.bus = new BusGuard(this.robot.i2c, clock, { urgent: [0x41, 0x36, 0x40] });
  }

  ended<T>(call: Promise<T>): Promise<T | string> {
    return endedCall(this.clock, call);
  }

  /** Microseconds of pan and tilt on the wires; undefined: none. */
  pulses(): (number | undefined)[] {
    return [0, 1].map((channel) => this.robot.servos.pulseUs(channel));
  }
}
