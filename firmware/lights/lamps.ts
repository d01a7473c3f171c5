import type { BodyHardware, LightLevels } from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { Device } from '../safety/device.ts';
import { type EyesLook, eyes } from './eyes.ts';
import { EyesLimiter, LightLimiter, sameLook } from './flicker.ts';
import type { Meaning } from './meaning.ts';
import { lights } from './ring.ts';

/** Nobody sees smaller steps of linear light, and the bus is spared them. */
const STEP = 1 / 256;
/** What has not changed is still written this often: a chip may have lost its supply meanwhile. */
const REFRESH_MS = 2_000;

/** Shows a meaning on ring, hand light and eyes; writes only what changes. */
export class Lamps {
  private readonly lightLimiter = new LightLimiter();
  private readonly eyesLimiter = new EyesLimiter();
  private readonly lightDevice: Device<void>;
  private readonly eyesDevice: Device<void>;
  private levels: LightLevels = { ring: [0, 0, 0], hand: 0 };
  private look: EyesLook | undefined;
  private written: LightLevels | undefined;
  private writtenMs = Number.NEGATIVE_INFINITY;
  private shown: EyesLook | undefined;
  private shownMs = Number.NEGATIVE_INFINITY;

  constructor(
    hardware: BodyHardware,
    private readonly clock: Clock,
    log: Log,
  ) {
    this.lightDevice = new Device(
      'lightDriver',
      clock,
      log,
      () => this.write(hardware),
      () => {},
    );
    this.eyesDevice = new Device(
      'eyes',
      clock,
      log,
      () => this.show(hardware),
      () => {},
    );
  }

  get lightsFaulty(): boolean {
    return this.lightDevice.degraded;
  }

  get eyesFaulty(): boolean {
    return this.eyesDevice.degraded;
  }

  /** To be called each tick of the lights, 25 times a second. */
  tick(meaning: Meaning, nowMs: number): void {
    this.levels = this.lightLimiter.next(lights(meaning, nowMs), nowMs);
    this.look = this.eyesLimiter.next(eyes(meaning, nowMs), nowMs);
    const lightsDue = nowMs - this.writtenMs >= REFRESH_MS;
    if (lightsDue || !this.written || differs(this.written, this.levels)) this.lightDevice.start();
    const eyesDue = nowMs - this.shownMs >= REFRESH_MS;
    if (eyesDue || !this.shown || !sameLook(this.shown, this.look)) this.eyesDevice.start();
  }

  private async write(hardware: BodyHardware): Promise<void> {
    const levels = this.levels;
    await hardware.lights.set(levels);
    this.written = levels;
    this.writtenMs = this.clock.now();
  }

  private async show(hardware: BodyHardware): Promise<void> {
    const look = this.look;
    if (!look) return;
    await (look.brightness === 0
      ? hardware.eyes.off()
      : hardware.eyes.show(look.left, look.right, look.brightness));
    this.shown = look;
    this.shownMs = this.clock.now();
  }
}

function differs(a: LightLevels, b: LightLevels): boolean {
  return (
    Math.abs(a.hand - b.hand) >= STEP ||
    a.ring.some((level, i) => Math.abs(level - (b.ring[i] ?? 0)) >= STEP)
  );
}
