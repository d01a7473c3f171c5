import { describe, expect, it } from 'vitest';
import { awakeRig, Rig } from './testing/rig.ts';

describe('waking and resting', () => {
  it('does not move until something is desired, then rests', async () => {
    const robot = new Rig();
    robot.body.tilt.deg = -3;
    await robot.start();
    await robot.clock.advance(9_000);
    expect(robot.body.count.pulses).toBe(0);
    await robot.clock.advance(3_000);
    expect(robot.body.tilt.move()).toBeCloseTo(-25, 1);
    expect(robot.body.pulses).toBe('torqueOff');
  });

  it('lifts the head when a pupil comes and lowers it to sleep when they leave', async () => {
    const robot = await awakeRig();
    expect(robot.last).toMatchObject({ motion: 'holding', faults: [] });
    expect(robot.last.tilt.deg).toBeCloseTo(0, 0);
    robot.setDesired({ presence: 'asleep', camera: false, microphone: false });
    await robot.clock.advance(3_000);
    expect(robot.last.motion).toBe('rest');
    expect(robot.last.tilt.deg).toBeCloseTo(-25, 0);
    expect(robot.body.pulses).toBe('torqueOff');
  });

  it('carries out a look that follows the wake immediately', async () => {
    const robot = new Rig();
    await robot.start();
    robot.connect();
    robot.send({ kind: 'look', pan: 30 });
    await robot.clock.advance(1_500);
    expect(robot.refusals).toEqual([]);
    expect(robot.body.pan.move()).toBeCloseTo(30, 0);
    expect(robot.body.tilt.move()).toBeCloseTo(0, 0);
  });
});

describe('stop', () => {
  it('brakes, then turns everything off', async () => {
    const robot = await awakeRig();
    robot.send({ kind: 'look', pan: 170 });
    await robot.clock.advance(500);
    const stopped = robot.firmware.stop();
    await robot.clock.advance(1_000);
    await stopped;
    expect(robot.body.pulses).toBe('torqueOff');
    expect(robot.body.cameraRail.on).toBe(false);
    expect(robot.body.levels).toEqual({ ring: [0, 0, 0], hand: 0 });
    const { pulses } = robot.body.count;
    await robot.clock.advance(1_000);
    expect(robot.body.count.pulses).toBe(pulses);
  });
});
