import { describe, expect, it } from 'vitest';
import { awakeRig, HERE, Rig } from './testing/rig.ts';

describe('looking', () => {
  it('sends body each 20 ms', async () => {
    const robot = await awakeRig();
    const before = robot.messages.length;
    await robot.clock.advance(1_000);
    expect(robot.messages.length - before).toBe(50);
  });

  it('turns and clamps, keeps the other axis, and follows a rate until it expires', async () => {
    const robot = await awakeRig();
    robot.send({ kind: 'look', pan: 1e9, tilt: 10 });
    await robot.clock.advance(2_000);
    expect(robot.last.pan.deg).toBeCloseTo(175, 0);
    expect(robot.last.tilt.deg).toBeCloseTo(10, 0);
    robot.send({ kind: 'lookRate', pan: -40, tilt: 0 });
    await robot.clock.advance(1_000);
    expect(robot.last.motion).toBe('holding');
    expect(robot.last.pan.deg).toBeGreaterThan(175 - 40 * 0.4);
    expect(robot.last.pan.deg).toBeLessThan(175 - 40 * 0.2);
  });

  it('nods and shakes, and ends where it was', async () => {
    const robot = await awakeRig();
    robot.send({ kind: 'look', pan: 20, tilt: -24 });
    await robot.clock.advance(1_000);
    for (const gesture of ['nod', 'shake'] as const) {
      robot.send({ kind: 'gesture', gesture });
      await robot.clock.advance(200);
      expect(robot.last.motion).toBe('gesture');
      await robot.clock.advance(3_000);
      expect(robot.last.motion).toBe('holding');
      expect(robot.last.pan.deg).toBeCloseTo(20, 0);
      expect(robot.last.tilt.deg).toBeCloseTo(-24, 0);
    }
  });

  it('writes the first setpoint of a look at once, not at the next tick', async () => {
    const robot = await awakeRig();
    await robot.clock.advance(1);
    const before = robot.body.count.pulses;
    robot.send({ kind: 'look', pan: 30 });
    await robot.clock.advance(0);
    expect(robot.body.count.pulses).toBe(before + 1);
  });

  it('does not use the bus while nothing moves', async () => {
    const robot = await awakeRig();
    await robot.clock.advance(3_000);
    const { pulses, lights, eyes } = { ...robot.body.count };
    await robot.clock.advance(4_000);
    expect(robot.body.count.pulses - pulses).toBeLessThanOrEqual(9);
    expect(robot.body.count.lights - lights).toBeLessThanOrEqual(3);
    expect(robot.body.count.eyes - eyes).toBeLessThanOrEqual(6);
  });

  it('does not require a calibration without servos', async () => {
    const robot = new Rig({ calibration: undefined });
    Object.assign(robot.body.servos, { present: false });
    await robot.start();
    robot.connect(HERE);
    robot.send({ kind: 'look', pan: 5 });
    await robot.clock.advance(100);
    expect(robot.last.faults).toEqual([]);
    expect(robot.refusals).toEqual(['fault']);
  });

  it('reports why a look is refused', async () => {
    const robot = new Rig({ calibration: undefined });
    await robot.start();
    robot.connect({ ...HERE, presence: 'asleep', camera: false });
    robot.send({ kind: 'look', pan: 5 });
    await robot.clock.advance(100);
    expect(robot.refusals).toEqual(['notCalibrated']);
    expect(robot.last.faults).toEqual(['notCalibrated']);
    expect(robot.body.count.pulses).toBe(0);

    const asleep = new Rig();
    await asleep.start();
    asleep.connect({ ...HERE, presence: 'asleep', camera: false });
    asleep.send({ kind: 'look', pan: 5 });
    await asleep.clock.advance(100);
    expect(asleep.refusals).toEqual(['resting']);
  });
});
