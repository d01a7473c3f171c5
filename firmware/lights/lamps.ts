import type { BodyHardware, LightLevels } from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { CallGuard } from '../core/call-guard.ts';
import { Machine, type MachineOf } from '../core/state-machine.ts';
import type { FaultCode } from '../link/schema.ts';
import { type EyesLook, eyes } from './eyes.ts';
import { EyesLimiter, LightLimiter, sameLook } from './flicker.ts';
import type { Meaning } from './meaning.ts';
import { lights } from './ring.ts';
import { SELF_TEST_START, selfTest, stepSelfTest } from './self-test.ts';

/** Smaller changes are invisible and are not written. */
const STEP = 1 / 256;
/** Dimming factors of eyes, and of ring and hand light, under load shedding. */
const DIM_EYES = 1 / 3;
const DIM_LIGHTS = 1 / 2;
/** Refresh period for an unchanged target: a chip may have lost its supply meanwhile. */
const REFRESH_MS = 2_000;

/** Which lights are dimmed. */
interface ShedLights {
  readonly eyes: boolean;
  readonly lights: boolean;
}

/** Shows a meaning on ring, hand light and eyes; writes only what changes. */
export class Lamps {
  private readonly lightLimiter = new LightLimiter();
  private readonly eyesLimiter = new EyesLimiter();
  private readonly lights: Lamp<LightLevels>;
  private readonly eyes: Lamp<EyesLook>;
  private readonly test: MachineOf<typeof stepSelfTest>;

  constructor(hardware: BodyHardware, clock: Clock, log: Log) {
    this.lights = new Lamp('lightDriver', clock, log, sameLevels, (levels) =>
      hardware.lights.set(levels),
    );
    this.eyes = new Lamp('eyes', clock, log, sameLook, ({ left, right, brightness }) =>
      brightness === 0 ? hardware.eyes.off() : hardware.eyes.show(left, right, brightness),
    );
    this.test = new Machine('selfTest', stepSelfTest, SELF_TEST_START, log);
  }

  faults(add: (code: FaultCode) => void): void {
    this.lights.faults(add);
    this.eyes.faults(add);
  }

  /** Skips the self-test after a restart of firmware. */
  skipTest(nowMs: number): void {
    this.test.send({ type: 'tick', atMs: nowMs, desired: true });
  }

  /** To be called each tick of the lights, 25 times a second. */
  tick(meaning: Meaning, shed: ShedLights, nowMs: number): void {
    this.test.send({ type: 'tick', atMs: nowMs, desired: meaning.presence !== 'asleep' });
    const test = selfTest(this.test.state, nowMs);
    const levels = test?.levels ?? dimmed(lights(meaning, nowMs), shed.lights ? DIM_LIGHTS : 1);
    const look = test?.look ?? dimmedLook(eyes(meaning, nowMs), shed.eyes ? DIM_EYES : 1);
    this.lights.show(this.lightLimiter.next(levels, nowMs), nowMs);
    this.eyes.show(this.eyesLimiter.next(look, nowMs), nowMs);
  }
}

/** Writes a lamp's target when it changes, and periodically. */
class Lamp<T> {
  private readonly writes: CallGuard<void, FaultCode>;
  private target: T | undefined;
  private written: T | undefined;
  private writtenMs = Number.NEGATIVE_INFINITY;

  constructor(
    fault: FaultCode,
    clock: Clock,
    log: Log,
    private readonly same: (a: T, b: T) => boolean,
    write: (value: T) => Promise<void>,
  ) {
    const call = async (): Promise<void> => {
      const { target } = this;
      if (target === undefined) return;
      await write(target);
      this.written = target;
      this.writtenMs = clock.now();
    };
    this.writes = new CallGuard(fault, clock, log, { call });
  }

  show(target: T, nowMs: number): void {
    this.target = target;
    const due = nowMs - this.writtenMs >= REFRESH_MS;
    if (due || this.written === undefined || !this.same(this.written, target)) this.writes.start();
  }

  faults(add: (code: FaultCode) => void): void {
    this.writes.faults(add);
  }
}

function dimmed({ ring: [r, g, b], hand }: LightLevels, by: number): LightLevels {
  return by === 1 ? { ring: [r, g, b], hand } : { ring: [r * by, g * by, b * by], hand: hand * by };
}

function dimmedLook(look: EyesLook, by: number): EyesLook {
  return by === 1 ? look : { ...look, brightness: Math.ceil(look.brightness * by) };
}

function sameLevels(a: LightLevels, b: LightLevels): boolean {
  const near = (x: number, y: number): boolean => Math.abs(x - y) < STEP;
  return near(a.hand, b.hand) && a.ring.every((level, i) => near(level, b.ring[i] ?? 0));
}
