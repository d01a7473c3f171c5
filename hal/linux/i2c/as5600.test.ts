import { describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { As5600 } from './as5600.ts';
import { DriverRig } from './testing/driver-rig.ts';

describe('AS5600', () => {
  it.each([
    ['ok', 0],
    ['weak', 90],
    ['strong', 359.95],
    ['missing', undefined],
  ] as const)('says that its magnet is %s', async (magnet, deg) => {
    const rig = new DriverRig(new SimClock());
    const { robot, bus } = rig;
    robot.panEncoder.angleDeg = () => deg ?? 0;
    robot.panEncoder.magnet = magnet;
    const before = robot.i2c.transactions;
    const reading = await rig.ended(new As5600(bus, 0x36).read());
    expect(robot.i2c.transactions - before).toBe(1);
    expect(reading).toMatchObject({ magnet });
    if (typeof reading === 'string' || deg === undefined) return;
    expect(reading.rawDeg).toBeCloseTo((Math.round((deg / 360) * 4096) % 4096) * (360 / 4096), 9);
  });
});
