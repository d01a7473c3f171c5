import { beforeEach, describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import type { FakeDeskmate1 } from '../../fake/deskmate1.ts';
import type { DrivenClock } from '../testing/driven-clock.ts';
import type { BusGuard } from './guard.ts';
import { lightSteps, PcaLights } from './pca-lights.ts';
import { DriverRig } from './testing/driver-rig.ts';

let rig: DriverRig;
let clock: DrivenClock;
let robot: FakeDeskmate1;
let bus: BusGuard;
beforeEach(() => {
  rig = new DriverRig(new SimClock());
  ({ clock, robot, bus } = rig);
});

const ended = <T>(call: Promise<T>): Promise<T | string> => rig.ended(call);

describe('lights on a PCA9685', () => {
  it('sets four channels behind the gamma curve, full ON and full OFF at the ends', async () => {
    const lights = new PcaLights(bus, 0x42, clock);
    await ended(lights.set({ ring: [1, 0, 0.5], hand: 0.1 }));
    const { registers } = robot.lights;
    expect([registers[0], registers[1], registers[0xfe]]).toEqual([0x20, 0x04, 5]);
    expect(robot.lights.rateHz).toBeCloseTo(1017.25, 2);
    expect([...registers.slice(6, 14)]).toEqual([0, 0x10, 0, 0, 0, 0, 0, 0x10]);
    expect(lightSteps(0.5)).toBe(891);
    expect(robot.lights.duty(2)).toBe(891 / 4096);
    const before = robot.i2c.transactions;
    await ended(lights.set({ ring: [0.5, 0, 0.5], hand: 0.1 }));
    expect(robot.i2c.transactions - before).toBe(2);
  });

  it('comes back after its chip forgot everything', async () => {
    const lights = new PcaLights(bus, 0x42, clock);
    await ended(lights.set({ ring: [1, 1, 1], hand: 1 }));
    robot.i2c.brownOut(0x42);
    expect(await ended(lights.set({ ring: [1, 0, 0], hand: 0 }))).toBeUndefined();
    expect([0, 1, 2, 3].map((channel) => robot.lights.duty(channel))).toEqual([1, 0, 0, 0]);
  });
});
