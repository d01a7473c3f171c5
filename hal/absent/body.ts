import type {
  AngleEncoder,
  BatteryGauge,
  BodyHardware,
  Button,
  Eyes,
  HeadServos,
  LightLevels,
  Lights,
  Switch,
  Thermometer,
  Watchdog,
} from '../ports/body.ts';
import { HardwareFault } from '../ports/fault.ts';

/*
 * Healthy objects for hardware that a board does not have. They refuse what the hardware would
 * refuse: a mistake must not hide on a board without servos and show on one with them.
 */

function expectAll(device: string, expected: string, holds: boolean): void {
  if (!holds) throw new HardwareFault('badData', `${device} (absent)`, `expected ${expected}`);
}

const servos: HeadServos = {
  present: false,
  async setPulses(panUs, tiltUs) {
    const possible = [panUs, tiltUs].every((us) => us >= 500 && us <= 2500);
    expectAll('servo driver', 'pulses of 500..2500 us', possible);
  },
  async release() {},
};

const encoder: AngleEncoder = {
  present: false,
  async read() {
    return { rawDeg: 0, magnet: 'ok' };
  },
};

const lights: Lights = {
  present: false,
  async set({ ring, hand }: LightLevels) {
    const possible = [...ring, hand].every((level) => level >= 0 && level <= 1);
    expectAll('light driver', 'levels of 0..1', possible);
  },
  async off() {},
};

const eyes: Eyes = {
  present: false,
  async show(left, right, brightness) {
    const dimmed = Number.isInteger(brightness) && brightness >= 0 && brightness <= 15;
    const possible = left.length === 8 && right.length === 8 && dimmed;
    expectAll('eyes', '8 rows an eye and brightness 0..15', possible);
  },
  async off() {},
};

const button: Button = {
  present: false,
  onChange: () => () => {},
  async read() {
    return false;
  },
  async close() {},
};

const battery: BatteryGauge = {
  present: false,
  async read() {
    return { percent: 100, volts: 0, status: 'full' };
  },
};

const thermometer: Thermometer = {
  present: false,
  async readCelsius() {
    return 25;
  },
};

const watchdog: Watchdog = {
  present: false,
  // Nobody waits for these kicks; the period only has to be one that timers can take.
  timeoutMs: 60_000,
  async kick() {},
  async close() {},
};

/**
 * A line that leads nowhere. It reads back as it was set, so that whoever compares the two (as
 * firmware does with the camera's rail) finds a healthy line.
 */
class AbsentSwitch implements Switch {
  readonly present = false;
  private level = false;
  private closed = false;

  async set(on: boolean): Promise<void> {
    this.level = on && !this.closed;
  }

  async read(): Promise<boolean> {
    return this.level;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.level = false;
  }
}

/** A board without a body, as a laptop is. */
export function openAbsentBody(): BodyHardware {
  const [cameraRail, microphoneRail, amplifier] = [
    new AbsentSwitch(),
    new AbsentSwitch(),
    new AbsentSwitch(),
  ];
  return {
    servos,
    panEncoder: encoder,
    tiltEncoder: encoder,
    lights,
    eyes,
    cameraRail,
    microphoneRail,
    amplifier,
    teacherButton: button,
    pairButton: button,
    battery,
    thermometer,
    watchdog,
    close: async () => {
      await Promise.all([cameraRail.close(), microphoneRail.close(), amplifier.close()]);
    },
  };
}
