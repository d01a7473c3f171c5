/**
 * A simple body for tests of firmware alone: servos that follow at a limited speed, exact encoders,
 * working switches, and fault injection. The simulator has the physical one.
 */
import type { Calibration } from '../../hal/boards/calibration.ts';
import type {
  AngleEncoder,
  BatteryReading,
  BodyHardware,
  Button,
  ButtonChange,
  LightLevels,
  Switch,
} from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import { HardwareFault } from '../../hal/ports/fault.ts';

export const fakeCalibration: Calibration = {
  pan: {
    zeroUs: 1500,
    usPerDeg: 5,
    minUs: 600,
    maxUs: 2400,
    encoderZeroDeg: 77,
    encoderDirection: 1,
  },
  tilt: {
    zeroUs: 1450,
    usPerDeg: -8,
    minUs: 1150,
    maxUs: 1700,
    encoderZeroDeg: 350,
    encoderDirection: -1,
  },
};

/** A servo and its encoder. Follows its pulse exactly, but no faster than `degPerMs`. */
class FakeAxis implements AngleEncoder {
  present = true;
  deg: number;
  stuck = false;
  magnetMissing = false;
  failing = false;
  hanging = false;
  degPerMs = 0.4;
  private commanded: number | undefined;
  private atMs: number;

  constructor(
    private readonly clock: Clock,
    private readonly calibration: Calibration['pan'],
    deg: number,
  ) {
    this.deg = deg;
    this.atMs = clock.now();
  }

  command(us: number | undefined): void {
    this.move();
    this.commanded =
      us === undefined ? undefined : (us - this.calibration.zeroUs) / this.calibration.usPerDeg;
  }

  /** True angle now. */
  move(): number {
    const passedMs = this.clock.now() - this.atMs;
    this.atMs = this.clock.now();
    if (this.commanded === undefined || this.stuck) return this.deg;
    const way = this.commanded - this.deg;
    const most = this.degPerMs * passedMs;
    this.deg += Math.min(most, Math.max(-most, way));
    return this.deg;
  }

  async read(): Promise<{ rawDeg: number; magnet: 'ok' | 'missing' }> {
    if (this.hanging) return new Promise(() => {});
    if (this.failing) throw new HardwareFault('noAnswer', 'fake encoder', 'told to fail');
    const { encoderZeroDeg, encoderDirection } = this.calibration;
    const raw = encoderZeroDeg + encoderDirection * this.move();
    return {
      rawDeg: raw - 360 * Math.floor(raw / 360),
      magnet: this.magnetMissing ? 'missing' : 'ok',
    };
  }
}

class FakeSwitch implements Switch {
  readonly present = true;
  on = false;
  stuckOn = false;
  failing = false;

  async set(on: boolean): Promise<void> {
    if (this.failing) throw new HardwareFault('noAnswer', 'fake switch', 'told to fail');
    this.on = on || this.stuckOn;
  }

  async read(): Promise<boolean> {
    if (this.failing) throw new HardwareFault('noAnswer', 'fake switch', 'told to fail');
    return this.on;
  }

  async close(): Promise<void> {
    this.on = false;
  }
}

class FakeButton implements Button {
  present = true;
  /** Level of the line; `set` also reports the edge. */
  down = false;
  /** Presses are not reported, and readings fail. */
  failing = false;
  private listener: (change: ButtonChange) => void = () => {};

  constructor(private readonly clock: Clock) {}

  async read(): Promise<boolean> {
    if (this.failing) throw new HardwareFault('noAnswer', 'fake button', 'told to fail');
    return this.down;
  }

  onChange(listener: (change: ButtonChange) => void): () => void {
    this.listener = listener;
    return () => {
      this.listener = () => {};
    };
  }

  set(pressed: boolean): void {
    this.down = pressed;
    if (this.failing) return;
    this.listener({ pressed, atMs: this.clock.now() });
  }

  press(): void {
    this.set(true);
    this.set(false);
  }

  async close(): Promise<void> {}
}

export class FakeBody implements BodyHardware {
  readonly pan: FakeAxis;
  readonly tilt: FakeAxis;
  readonly panEncoder: FakeAxis;
  readonly tiltEncoder: FakeAxis;
  readonly cameraRail = new FakeSwitch();
  readonly microphoneRail = new FakeSwitch();
  readonly amplifier = new FakeSwitch();
  readonly teacherButton: FakeButton;
  readonly pairButton: FakeButton;
  readonly count = { pulses: 0, releases: 0, lights: 0, eyes: 0, kicks: 0 };
  pulses: { pan: number; tilt: number } | 'torqueOff' = 'torqueOff';
  levels: LightLevels = { ring: [0, 0, 0], hand: 0 };
  eyeBrightness = 0;
  /** Dots of the left eye that are lit, by row. */
  leftEye: Uint8Array = new Uint8Array(8);
  busFails = false;
  percent = 90;
  volts = 7.4;
  batteryStatus: BatteryReading['status'] = 'discharging';
  celsius = 45;
  closed = false;

  constructor(clock: Clock, calibration = fakeCalibration) {
    this.pan = new FakeAxis(clock, calibration.pan, 0);
    this.tilt = new FakeAxis(clock, calibration.tilt, -25);
    this.panEncoder = this.pan;
    this.tiltEncoder = this.tilt;
    this.teacherButton = new FakeButton(clock);
    this.pairButton = new FakeButton(clock);
  }

  readonly servos = {
    present: true,
    setPulses: async (pan: number, tilt: number): Promise<void> => {
      this.check('servo driver');
      this.count.pulses += 1;
      this.pulses = { pan, tilt };
      this.pan.command(pan);
      this.tilt.command(tilt);
    },
    // By the output-enable line: needs no bus.
    release: async (): Promise<void> => {
      this.count.releases += 1;
      this.pulses = 'torqueOff';
      this.pan.command(undefined);
      this.tilt.command(undefined);
    },
  };

  readonly lights = {
    present: true,
    set: async (levels: LightLevels): Promise<void> => {
      this.check('light driver');
      this.count.lights += 1;
      this.levels = levels;
    },
    off: async (): Promise<void> => {
      this.levels = { ring: [0, 0, 0], hand: 0 };
    },
  };

  readonly eyes = {
    present: true,
    show: async (left: Uint8Array, _right: Uint8Array, brightness: number): Promise<void> => {
      this.check('eyes');
      this.count.eyes += 1;
      this.eyeBrightness = brightness;
      this.leftEye = left;
    },
    off: async (): Promise<void> => {
      this.eyeBrightness = 0;
    },
  };

  readonly battery = {
    present: true,
    read: async () => ({
      percent: this.percent,
      volts: this.volts,
      status: this.batteryStatus,
    }),
  };

  readonly thermometer = { present: true, readCelsius: async () => this.celsius };

  readonly watchdog = {
    present: true,
    timeoutMs: 15_000,
    kick: async (): Promise<void> => {
      this.count.kicks += 1;
    },
    close: async (): Promise<void> => {},
  };

  async close(): Promise<void> {
    this.closed = true;
  }

  private check(device: string): void {
    if (this.busFails) throw new HardwareFault('busStuck', device, 'told to fail');
  }
}
