import type { Eyes, LightLevels, Lights } from '../../hal/ports/body.ts';
import { fault, type SimulatedBus } from './bus.ts';

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
