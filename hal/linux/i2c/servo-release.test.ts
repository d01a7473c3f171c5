import { beforeEach, describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import type { FakeDeskmate1 } from '../../fake/deskmate1.ts';
import type { DrivenClock } from '../testing/driven-clock.ts';
import type { BusGuard } from './guard.ts';
import { LinuxHeadServos } from './head-servos.ts';
import { DriverRig, type FakeEnable } from './testing/driver-rig.ts';

let rig: DriverRig;
let clock: DrivenClock;
let robot: FakeDeskmate1;
let bus: BusGuard;
let enable: FakeEnable;
let servos: LinuxHeadServos;
beforeEach(() => {
  rig = new DriverRig(new SimClock());
  ({ clock, robot, bus, enable } = rig);
  servos = new LinuxHeadServos({ bus, address: 0x41, clock, enable });
});

const ended = <T>(call: Promise<T>): Promise<T | string> => rig.ended(call);
const pulses = (): (number | undefined)[] => rig.pulses();

describe('head servos whose torque is turned off', () => {
  it('releases at once though the bus hangs, and what waits does not enable again', async () => {
    await ended(servos.setPulses(1500, 1500));
    const heal = robot.i2c.stick(false);
    const late = servos.setPulses(1600, 1500).catch(() => {});
    await servos.release();
    expect(enable.on).toBe(false);
    heal();
    await clock.advance(100);
    await late;
    expect(enable.on).toBe(false);
    expect(pulses()).toEqual([undefined, undefined]);
  });

  it.each([0, 1])(
    'keeps pulses that are set while it is still made ready, its line slow by %i ms',
    async (slowMs) => {
      enable.slowMs = slowMs;
      const calls = [servos.makeReady(), servos.setPulses(1500, 1500)];
      expect(await ended(Promise.all(calls))).toEqual([undefined, undefined]);
      expect(pulses()[0]).toBeCloseTo(307 * 4.88, 6);
    },
  );

  it('does not carry out a release by the bus that newer pulses have overtaken', async () => {
    await ended(servos.setPulses(1500, 1500));
    enable.broken = true;
    enable.slowMs = 3;
    const released = servos.release();
    await clock.advance(1);
    enable.slowMs = 0;
    enable.broken = false;
    const set = servos.setPulses(1600, 1500);
    // The line of the release is found broken after all.
    await clock.advance(1.5);
    enable.broken = true;
    await clock.advance(25);
    await Promise.all([released, set]);
    expect(pulses()[0]).toBeCloseTo(328 * 4.88, 6);
  });

  it('releases by the bus when the line fails', async () => {
    await ended(servos.setPulses(1500, 1500));
    enable.broken = true;
    expect(await ended(servos.release())).toBeUndefined();
    expect(pulses()).toEqual([undefined, undefined]);
    robot.i2c.fail('all', 'nack');
    expect(await ended(servos.release())).toBe('noAnswer');
  });

  it('does without an OE line: full OFF stops the pulses', async () => {
    enable.on = true;
    const wired = new LinuxHeadServos({ bus, address: 0x41, clock });
    await ended(wired.setPulses(1500, 1500));
    expect(pulses()[0]).toBeCloseTo(1500, -1);
    expect(await ended(wired.release())).toBeUndefined();
    expect([...robot.servos.registers.slice(6, 14)]).toEqual([0, 0, 0, 16, 0, 0, 0, 16]);
    expect(await ended(wired.setPulses(1400, 1500))).toBeUndefined();
    expect(pulses()[0]).toBeCloseTo(1400, -1);
    robot.i2c.brownOut(0x41);
    expect(await ended(wired.release())).toBeUndefined();
    expect(await ended(wired.setPulses(1400, 1500))).toBeUndefined();
    expect(pulses()[0]).toBeCloseTo(1400, -1);
  });
});
