import { CallQueue } from '../../bus/calls.ts';
import type { I2cBus } from '../../bus/i2c.ts';
import type { LightLevels, Lights } from '../../ports/body.ts';
import type { Clock } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { PCA_STEPS, Pca9685 } from './pca9685.ts';

/*
 * Ring and hand light: PCA9685 at 1 kHz (1017 Hz is what its prescaler can do), channels 0-2 ring
 * red, green, blue, channel 3 hand light, in one block write. A lamp shines while its pin is high.
 */
const LIGHTS = { name: 'light driver', rateHz: 1_000, channels: 4, rated: false } as const;
/** Eyes tell levels apart by ratio: a level is this power of it in duty. */
export const LIGHT_GAMMA = 2.2;
/** The rate is looked at this often; levels and mode each time they are written. */
const CHECK_MS = 1_000;

export class PcaLights implements Lights {
  readonly present = true;
  private readonly chip: Pca9685;
  private readonly queue: CallQueue;
  private trusted = false;
  private checkedMs = Number.NEGATIVE_INFINITY;

  constructor(
    bus: I2cBus,
    address: number,
    private readonly clock: Clock,
  ) {
    this.chip = new Pca9685({ bus, address, clock }, LIGHTS);
    this.queue = new CallQueue(clock, () => this.chip.late());
  }

  async set({ ring, hand }: LightLevels): Promise<void> {
    const levels = [...ring, hand];
    if (!levels.every((level) => level >= 0 && level <= 1))
      throw new HardwareFault(
        'badData',
        this.chip.device,
        `levels ${levels.join(', ')}, expected 0..1`,
      );
    const bytes = this.chip.bytesOf(levels.map(lightSteps));
    await this.queue.add((turn) => this.write(bytes, () => turn.expired));
  }

  async off(): Promise<void> {
    await this.set({ ring: [0, 0, 0], hand: 0 });
  }

  private async write(bytes: Uint8Array, over: () => boolean): Promise<void> {
    try {
      for (let round = 0; round < 2 && !over(); round++) {
        await this.prepare();
        if (await this.chip.take(bytes)) return;
        this.trusted = false;
      }
    } catch (error) {
      // It may have been without supply meanwhile.
      this.checkedMs = Number.NEGATIVE_INFINITY;
      throw error;
    }
    if (!over()) throw this.chip.refused('its levels');
  }

  private async prepare(): Promise<void> {
    const nowMs = this.clock.now();
    if (this.trusted && nowMs - this.checkedMs < CHECK_MS) return;
    if (!this.trusted || !(await this.chip.configured())) await this.chip.configure();
    this.trusted = true;
    this.checkedMs = nowMs;
  }
}

/** Steps of 4096 for a level; the ends are full OFF and full ON. */
export function lightSteps(level: number): number {
  return Math.round(level ** LIGHT_GAMMA * PCA_STEPS);
}
