import { describe, expect, it } from 'vitest';
import { deskmate1 } from '../../../hal/boards/deskmate1.ts';
import { openSimulatedBody } from '../../../sim/body/open-body.ts';
import { Random } from '../../../sim/time/random.ts';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import {
  type AxisGeometry,
  calibrationOf,
  type Geometry,
  referenceGeometry,
} from '../../../sim/world/geometry.ts';
import { MemoryWorldPort } from '../../../sim/world/memory-port.ts';
import type { FaultName } from '../../../sim/world/schema.ts';
import { World } from '../../../sim/world/world.ts';
import { HeadBench } from './bench.ts';
import { CalibrationFailed, type Problem } from './problem.ts';
import { type Ask, calibrateHead, type Operator } from './procedure.ts';

/** A robot of some build, and a person with a steady hand who does as asked. */
class Workshop {
  readonly clock = new SimClock();
  readonly world: World;
  readonly body;
  readonly asked: Ask[] = [];
  readonly commanded: number[] = [];
  readonly checks: [string, number, number][] = [];
  readonly samples = { pan: 0, tilt: 0 };
  /** The farthest that the servos turned the head within a fifth of a second. */
  farthestDeg = 0;
  cancelAfter = Number.POSITIVE_INFINITY;
  /** What the hand does instead. */
  hand: Partial<Record<Ask, { panDeg: number; tiltDeg: number }>> = {};
  swapServos = false;

  constructor(geometry: Geometry = referenceGeometry, seed = 3) {
    this.world = new World({ clock: this.clock, seed, geometry });
    this.world.start();
    this.body = openSimulatedBody({
      world: new MemoryWorldPort(this.world),
      clock: this.clock,
      logLine: () => {},
    });
  }

  async calibrate() {
    const { servos, panEncoder, tiltEncoder } = this.body;
    const wired = this.swapServos
      ? {
          present: true,
          release: () => servos.release(),
          setPulses: (panUs: number, tiltUs: number) => servos.setPulses(tiltUs, panUs),
        }
      : servos;
    const bench = new HeadBench(wired, { pan: panEncoder, tilt: tiltEncoder }, this.clock);
    let done = false;
    const run = calibrateHead(bench, deskmate1, this.operator()).finally(() => {
      done = true;
    });
    run.catch(() => {});
    while (!done) {
      const { pan, servosOn } = this.world.snapshot();
      await this.clock.advance(200);
      const turned = Math.abs(this.world.snapshot().pan.deg - pan.deg);
      if (servosOn) this.farthestDeg = Math.max(this.farthestDeg, turned);
    }
    return run;
  }

  async problem(): Promise<Problem> {
    const error: unknown = await this.calibrate().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof CalibrationFailed)) throw error ?? new Error('it was calibrated');
    expect(this.world.snapshot().servosOn).toBe(false);
    return error.problem;
  }

  break(name: FaultName, on = true): void {
    this.world.apply({ kind: 'fault', name, on });
  }

  private operator(): Operator {
    return {
      ask: async (what, live) => {
        this.asked.push(what);
        await live();
        this.turn(what);
        await new Promise<void>((resolve) => this.clock.after(2_500, resolve));
      },
      stage: () => {},
      sample: (axis) => {
        this.samples[axis] += 1;
      },
      check: (axis, commanded, measured) => this.checks.push([axis, commanded, measured]),
      throwIfCancelled: () => {
        this.cancelAfter -= 1;
        if (this.cancelAfter < 0) throw new CalibrationFailed({ kind: 'cancelled' });
      },
    };
  }

  /** Turns the head to where it is asked to be and holds it while it is measured. */
  private turn(what: Ask): void {
    if (what === 'letGo') return;
    const { pan, tilt } = this.world.snapshot();
    const to = this.hand[what] ?? WANTED[what];
    this.world.apply({
      kind: 'pushHead',
      panDeg: to.panDeg - pan.deg,
      tiltDeg: to.tiltDeg - tilt.deg,
      forMs: 4_000,
    });
  }
}

const WANTED = {
  lookAhead: { panDeg: 0, tiltDeg: 0 },
  turnLeft: { panDeg: 80, tiltDeg: 0 },
  turnUp: { panDeg: 0, tiltDeg: 20 },
};

/** Some other robot: other horns, other directions, other zeros. */
function someGeometry(seed: number): Geometry {
  const random = new Random(seed);
  const axis = (base: AxisGeometry): AxisGeometry => ({
    ...base,
    zeroUs: 1500 + 25 * (random.next() * 2 - 1),
    usPerDeg: base.usPerDeg * (random.next() < 0.5 ? -1 : 1),
    encoderZeroDeg: 360 * random.next(),
    encoderDirection: random.next() < 0.5 ? 1 : -1,
    startDeg: base.minDeg + (base.maxDeg - base.minDeg) * random.next(),
  });
  return { pan: axis(referenceGeometry.pan), tilt: axis(referenceGeometry.tilt) };
}

describe('a robot that is calibrated', () => {
  it.each([0, 1, 2, 3, 4, 5])('has what was built, build %i', async (seed) => {
    const geometry = seed === 0 ? referenceGeometry : someGeometry(seed);
    const workshop = new Workshop(geometry, seed);
    const found = await workshop.calibrate();
    const built = calibrationOf(geometry);
    for (const axis of ['pan', 'tilt'] as const) {
      const [is, was] = [found[axis], built[axis]];
      expect(is.encoderDirection).toBe(was.encoderDirection);
      expect(Math.abs(((is.encoderZeroDeg - was.encoderZeroDeg + 540) % 360) - 180)).toBeLessThan(
        1,
      );
      expect(is.usPerDeg / was.usPerDeg).toBeCloseTo(1, 1);
      expect(Math.abs(is.zeroUs - was.zeroUs) / Math.abs(was.usPerDeg)).toBeLessThan(1);
      // Room for the whole soft range, never beyond the stops.
      const ends = [is.minUs, is.maxUs].map((us) => (us - was.zeroUs) / was.usPerDeg);
      expect(Math.min(...ends)).toBeLessThan(deskmate1[axis].minDeg + 1);
      expect(Math.max(...ends)).toBeGreaterThan(deskmate1[axis].maxDeg - 1);
      expect(Math.min(...ends)).toBeGreaterThan(geometry[axis].minDeg - 0.5);
      expect(Math.max(...ends)).toBeLessThan(geometry[axis].maxDeg + 0.5);
      expect(workshop.samples[axis]).toBeGreaterThan(30);
    }
    expect(workshop.asked).toEqual(['lookAhead', 'turnLeft', 'turnUp', 'letGo']);
    expect(workshop.checks).toHaveLength(8);
    // Never at the servo's own speed, 330 degrees/s.
    expect(workshop.farthestDeg).toBeLessThan(25);
    expect(workshop.world.snapshot().servosOn).toBe(false);
  });

  it('is calibrated over a bus that loses calls', async () => {
    const workshop = new Workshop();
    workshop.break('i2cErrors');
    const ended = await workshop.calibrate().catch((error: unknown) => error);
    if (ended instanceof CalibrationFailed) expect(ended.problem.kind).toBe('noAnswer');
    else expect(ended).toHaveProperty('pan.encoderDirection', -1);
  });
});

describe('nonsense is refused', () => {
  it('a hand that turns too little, or the wrong way round the half turn', async () => {
    const little = new Workshop();
    little.hand = { turnLeft: { panDeg: 5, tiltDeg: 0 } };
    expect(await little.problem()).toMatchObject({ kind: 'turnUnclear', axis: 'pan' });
    const far = new Workshop();
    far.hand = { turnLeft: { panDeg: 170, tiltDeg: 0 } };
    expect(await far.problem()).toMatchObject({ kind: 'turnUnclear', axis: 'pan' });
  });

  it('a magnet that is missing, a servo that does not move, servos that are swapped', async () => {
    const magnet = new Workshop();
    magnet.break('tiltEncoderLost');
    expect(await magnet.problem()).toEqual({ kind: 'noMagnet', axis: 'tilt' });
    const stuck = new Workshop();
    stuck.break('tiltStall');
    expect((await stuck.problem()).kind).toBe('turnUnclear');
    const swapped = new Workshop();
    swapped.swapServos = true;
    expect(await swapped.problem()).toEqual({ kind: 'swapped' });
  });

  it('a horn that is mounted a third of a turn off', async () => {
    const { pan, tilt } = referenceGeometry;
    const workshop = new Workshop({ pan: { ...pan, zeroUs: 1508 - 5.4 * 60 }, tilt });
    expect(await workshop.problem()).toMatchObject({ kind: 'shortRange', axis: 'pan' });
  });

  it('a zero that was shown crooked', async () => {
    const workshop = new Workshop();
    workshop.hand = { lookAhead: { panDeg: 30, tiltDeg: 0 } };
    expect((await workshop.problem()).kind).toBe('shortRange');
  });
});

it('stops at once when the person wants it to', async () => {
  const workshop = new Workshop();
  workshop.cancelAfter = 20;
  expect(await workshop.problem()).toEqual({ kind: 'cancelled' });
});
