import { describe, expect, it } from 'vitest';
import { MemoryStorage } from '../../sim/network/memory-storage.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { Rig } from '../testing/rig.ts';
import { ServoHeat } from './servo-heat.ts';

describe('servo temperature', () => {
  it('stays cool holding, warms in use, and becomes hot when stalled', () => {
    const run = (degPerS: number, errorDeg: number, minutes: number): number => {
      const heat = new ServoHeat();
      for (let s = 0; s < minutes * 60; s++) heat.add(1, true, degPerS, errorDeg);
      return heat.celsius;
    };
    expect(run(0, 1, 120)).toBeLessThan(40);
    expect(run(60, 3, 120)).toBeLessThan(60);
    expect(run(0, 15, 10)).toBeGreaterThan(75);
  });
});

describe('the robot', () => {
  it('shows red under 10 %, and says shutdown when empty', async () => {
    const memory = new MemoryStorage();
    const robot = new Rig(new SimClock(), { memory });
    await robot.awake();
    robot.body.percent = 9;
    await robot.clock.advance(4_000);
    expect(robot.last.battery).toMatchObject({ percent: 9, level: 'critical' });
    let red = false;
    for (let i = 0; i < 50; i++) {
      await robot.clock.advance(100);
      red ||= robot.body.levels.ring[0] > 0.3 && robot.body.levels.ring[1] === 0;
    }
    expect(red).toBe(true);
    robot.body.percent = 2;
    await robot.clock.advance(4_000);
    expect(robot.events).toEqual(['shutdown']);
    expect(await memory.read('shutdown')).toBe('battery');
    expect(robot.last).toMatchObject({ motion: 'off', cameraOn: false });
    robot.send({ kind: 'look', pan: 10 });
    await robot.clock.advance(50);
    expect(robot.refusals).toEqual(['batteryLow']);
  });

  it('moves quietly when warm, not at all when hot, and turns the camera off when critical', async () => {
    const robot = new Rig(new SimClock());
    await robot.awake();
    robot.body.celsius = 74;
    await robot.clock.advance(1_100);
    robot.send({ kind: 'look', pan: 90 });
    await robot.clock.advance(1_000);
    expect(robot.last.pan.degPerS).toBeLessThan(61);
    await robot.clock.advance(2_000);
    robot.body.celsius = 82;
    await robot.clock.advance(2_100);
    robot.send({ kind: 'look', pan: 0 });
    await robot.clock.advance(50);
    expect(robot.refusals).toEqual(['hot']);
    expect(robot.last).toMatchObject({ motion: 'off', cameraOn: true });
    robot.body.celsius = 90;
    await robot.clock.advance(3_100);
    expect(robot.last.cameraOn).toBe(false);
    expect(robot.events).toEqual(['shutdown']);
    robot.body.celsius = 50;
    await robot.clock.advance(1_200);
    expect(robot.last).toMatchObject({
      motion: 'holding',
      cameraOn: true,
      heat: { level: 'good' },
    });
  });

  it('kicks the watchdog while its loop runs', async () => {
    const robot = new Rig(new SimClock());
    await robot.awake();
    const { kicks } = robot.body.count;
    await robot.clock.advance(5_000);
    expect(robot.body.count.kicks - kicks).toBe(5);
  });
});
