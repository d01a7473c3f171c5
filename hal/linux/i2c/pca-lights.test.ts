import { beforeEach, describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { lightSteps, PcaLights } from './pca-lights.ts';
import { DriverRig } from './testing/driver-rig.ts';

let rig: DriverRig;
beforeEach(() => {
  rig = new DriverRig(new SimClock());
});

describe('lights on a PCA9685', () => {
  it('sets four channels behind the gamma curve, full ON and full OFF at the ends', async () => {
    const lights = new PcaLights(rig.bus, 0x42, rig.clock);
    await rig.ended(lights.set({ ring: [1, 0, 0.5], hand: 0.1 }));
    const { registers } = rig.robot.lights;
    expect([registers[0], registers[1], registers[0xfe]]).toEqual([0x20, 0x04, 5]);
    expect(rig.robot.lights.rateHz).toBeCloseTo(1017.25, 2);
    expect([...registers.slice(6, 14)]).toEqual([0, 0x10, 0, 0, 0, 0, 0, 0x10]);
    expect(lightSteps(0.5)).toBe(891);
    expect(rig.robot.lights.duty(2)).toBe(891 / 4096);
    const before = rig.robot.i2c.transactions;
    await rig.ended(lights.set({ ring: [0.5, 0, 0.5], hand: 0.1 }));
    expect(rig.robot.i2c.transactions - before).toBe(2);
  });

  it('comes back after its chip forgot everything', async () => {
    const lights = new PcaLights(rig.bus, 0x42, rig.clock);
    await rig.ended(lights.set({ ring: [1, 1, 1], hand: 1 }));
    rig.robot.i2c.brownOut(0x42);
    expect(await rig.ended(lights.set({ ring: [1, 0, 0], hand: 0 }))).toBeUndefined();
    expect([0, 1, 2, 3].map((channel) => rig.robot.lights.duty(channel))).toEqual([1, 0, 0, 0]);
  });
});
