import { CallQueue } from '../../bus/calls.ts';
import type { I2cBus } from '../../bus/i2c.ts';
import type { LightLevels, Lights } from '../../ports/body.ts';
import type { Clock } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { PCA_STEPS, Pca9685 } from './pca9685.ts';

/*
 * Ring and hand light: PCA9685 at 1 kHz (1017 Hz is what its prescaler gives), channels 0-2 ring
 * red, green, blue, channel 3 hand light, in one block write. A lamp is on while its pin is high.
 */
const LIGHTS = { name: 'light driver', rateHz: 1_000, channels: 4, rated: false } as const;
/** Gamma: perceived brightness follows ratios, so duty = level ^ gamma. */
export const LIGHT_GAMMA = 2.2;
/** Interval of read-back of the rate; levels and mode are read back at each write. */
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
      // It may have lost its supply meanwhile.
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
