import type {
  AngleEncoder,
  AngleReading,
  BatteryGauge,
  BatteryReading,
  Eyes,
  HeadServos,
  LightLevels,
  Lights,
  Thermometer,
  Watchdog,
} from '../../hal/ports/body.ts';
import { WATCHDOG_MS } from '../world/lines.ts';
import { isPulse, PULSE_MAX_US, PULSE_MIN_US } from '../world/pulse-train.ts';
import { fault, type SimulatedBus } from './bus.ts';

const SERVOS = 'servo driver (simulated PCA9685)';

export class SimulatedServos implements HeadServos {
  readonly present = true;

  constructor(private readonly bus: SimulatedBus) {}

  async setPulses(panUs: number, tiltUs: number): Promise<void> {
    // Refused here as the real driver does, before anything is sent.
    if (!isPulse(panUs) || !isPulse(tiltUs))
      throw fault(
        'badData',
        SERVOS,
        `pulses ${panUs} and ${tiltUs} us, expected ${PULSE_MIN_US}..${PULSE_MAX_US}`,
      );
    await this.bus.i2cWrite(SERVOS, { kind: 'pulses', panUs, tiltUs });
  }

  /** By the output-enable line: works when I2C does not. */
  async release(): Promise<void> {
    await this.bus.write(SERVOS, { kind: 'release' });
  }
}

export class SimulatedEncoder implements AngleEncoder {
  readonly present = true;

  constructor(
    private readonly bus: SimulatedBus,
    private readonly axis: 'pan' | 'tilt',
  ) {}

  async read(): Promise<AngleReading> {
    const { rawDeg, magnet } = (await this.bus.i2cRead(`${this.axis} encoder (simulated AS5600)`))[
      this.axis
    ];
    return { rawDeg, magnet };
  }
}

const LIGHTS = 'light driver (simulated PCA9685)';
const EYES = 'eyes (simulated HT16K33)';

export class SimulatedLights implements Lights {
  readonly present = true;

  constructor(private readonly bus: SimulatedBus) {}

  async set(levels: LightLevels): Promise<void> {
    const [red, green, blue] = levels.ring;
    const all = [red, green, blue, levels.hand];
    if (!all.every((level) => level >= 0 && level <= 1))
      throw fault('badData', LIGHTS, `levels ${all.join(', ')}, expected 0..1`);
    await this.bus.i2cWrite(LIGHTS, {
      kind: 'lights',
      ring: [red, green, blue],
      hand: levels.hand,
    });
  }

  async off(): Promise<void> {
    await this.set({ ring: [0, 0, 0], hand: 0 });
  }
}

export class SimulatedEyes implements Eyes {
  readonly present = true;

  constructor(private readonly bus: SimulatedBus) {}

  async show(left: Uint8Array, right: Uint8Array, brightness: number): Promise<void> {
    if (left.length !== 8 || right.length !== 8)
      throw fault('badData', EYES, `${left.length} and ${right.length} rows, expected 8 an eye`);
    if (!Number.isInteger(brightness) || brightness < 0 || brightness > 15)
      throw fault('badData', EYES, `brightness ${brightness}, expected a whole number 0..15`);
    await this.bus.i2cWrite(EYES, { kind: 'eyes', left: [...left], right: [...right], brightness });
  }

  async off(): Promise<void> {
    await this.show(new Uint8Array(8), new Uint8Array(8), 0);
  }
}

/** From here on a plugged battery counts as full, as chargers call it. */
const FULL_PERCENT = 99.5;

export class SimulatedBattery implements BatteryGauge {
  readonly present = true;

  constructor(private readonly bus: SimulatedBus) {}

  async read(): Promise<BatteryReading> {
    const { percent, volts, charging } = this.bus.read('battery gauge (simulated)').battery;
    const plugged = percent >= FULL_PERCENT ? 'full' : 'charging';
    // The kernel gives whole percents and millivolts.
    return {
      percent: Math.round(percent),
      volts: Math.round(volts * 1000) / 1000,
      status: charging ? plugged : 'discharging',
    };
  }
}

export class SimulatedThermometer implements Thermometer {
  readonly present = true;

  constructor(private readonly bus: SimulatedBus) {}

  async readCelsius(): Promise<number> {
    return Math.round(this.bus.read('thermometer (simulated)').computerC * 1000) / 1000;
  }
}

export class SimulatedWatchdog implements Watchdog {
  readonly present = true;
  readonly timeoutMs = WATCHDOG_MS;

  constructor(private readonly bus: SimulatedBus) {}

  async kick(): Promise<void> {
    await this.bus.write('watchdog (simulated)', { kind: 'watchdog', armed: true });
  }

  async close(): Promise<void> {
    await this.bus.write('watchdog (simulated)', { kind: 'watchdog', armed: false });
  }
}
