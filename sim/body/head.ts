import type { AngleEncoder, AngleReading, HeadServos } from '../../hal/ports/body.ts';
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
