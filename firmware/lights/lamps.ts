import type { BodyHardware, LightLevels } from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { CallGuard } from '../core/call-guard.ts';
import { Machine } from '../core/machine.ts';
import type { FaultCode } from '../link/schema.ts';
import { type EyesLook, eyes } from './eyes.ts';
import { EyesLimiter, LightLimiter, sameLook } from './flicker.ts';
import type { Meaning } from './meaning.ts';
import { lights } from './ring.ts';
import {
  SELF_TEST_START,
  type SelfTestEvent,
  type SelfTestState,
  selfTest,
  stepSelfTest,
} from './self-test.ts';

/** Nobody sees smaller steps, and the bus is spared them. */
const STEP = 1 / 256;
/** What low power leaves of the eyes, of ring and hand light. */
const DIM_EYES = 1 / 3;
const DIM_LIGHTS = 1 / 2;
/** What has not changed is still written this often: a chip may have lost its supply meanwhile. */
const REFRESH_MS = 2_000;

/** What low power takes of the lights. */
export interface ShedLights {
  readonly eyes: boolean;
  readonly lights: boolean;
}

/** Shows a meaning on ring, hand light and eyes; writes only what changes. */
export class Lamps {
  private readonly lightLimiter = new LightLimiter();
  private readonly eyesLimiter = new EyesLimiter();
  private readonly lightWrites: CallGuard<void, FaultCode>;
  private readonly eyesWrites: CallGuard<void, FaultCode>;
  private readonly test: Machine<SelfTestState, SelfTestEvent, never>;
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
    this.lightWrites = new CallGuard('lightDriver', clock, log, {
      call: () => this.write(hardware),
    });
    this.eyesWrites = new CallGuard('eyes', clock, log, { call: () => this.show(hardware) });
    this.test = new Machine('selfTest', stepSelfTest, SELF_TEST_START, log);
  }

  faults(add: (code: FaultCode) => void): void {
    this.lightWrites.faults(add);
    this.eyesWrites.faults(add);
  }

  /** No self-test: firmware was only restarted. */
  skipTest(nowMs: number): void {
    this.test.send({ type: 'tick', atMs: nowMs, wanted: true });
  }

  /** To be called each tick of the lights, 25 times a second. */
  tick(meaning: Meaning, shed: ShedLights, nowMs: number): void {
    this.test.send({ type: 'tick', atMs: nowMs, wanted: meaning.presence !== 'asleep' });
    const test = selfTest(this.test.state, nowMs);
    const levels = test?.levels ?? dimmed(lights(meaning, nowMs), shed.lights ? DIM_LIGHTS : 1);
    const look = test?.look ?? dimmedLook(eyes(meaning, nowMs), shed.eyes ? DIM_EYES : 1);
    this.levels = this.lightLimiter.next(levels, nowMs);
    this.look = this.eyesLimiter.next(look, nowMs);
    const lightsDue = nowMs - this.writtenMs >= REFRESH_MS;
    if (lightsDue || !this.written || differs(this.written, this.levels)) this.lightWrites.start();
    const eyesDue = nowMs - this.shownMs >= REFRESH_MS;
    if (eyesDue || !this.shown || !sameLook(this.shown, this.look)) this.eyesWrites.start();
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

function dimmed({ ring: [r, g, b], hand }: LightLevels, by: number): LightLevels {
  return by === 1 ? { ring: [r, g, b], hand } : { ring: [r * by, g * by, b * by], hand: hand * by };
}

function dimmedLook(look: EyesLook, by: number): EyesLook {
  return by === 1 ? look : { ...look, brightness: Math.ceil(look.brightness * by) };
}

function differs(a: LightLevels, b: LightLevels): boolean {
  return (
    Math.abs(a.hand - b.hand) >= STEP ||
    a.ring.some((level, i) => Math.abs(level - (b.ring[i] ?? 0)) >= STEP)
  );
}
