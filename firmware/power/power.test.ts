import { describe, expect, it } from 'vitest';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { Rig } from '../testing/rig.ts';
import { BATTERY_START, type BatteryState, stepBattery } from './battery.ts';
import { HEAT_START, type HeatState, stepHeat } from './heat.ts';
import { ServoHeat } from './servo-heat.ts';

describe('battery levels', () => {
  const levelAfter = (percents: number[], status: 'discharging' | 'charging' = 'discharging') => {
    let state: BatteryState = BATTERY_START;
    const effects: string[] = [];
    for (const percent of percents) {
      const step = stepBattery(state, { type: 'reading', percent, status });
      state = step.state;
      effects.push(...step.effects);
    }
    return { name: state.name, effects };
  };

  it('change at 20, 10 and 4 %, with hysteresis on the way back', () => {
    expect(levelAfter([20]).name).toBe('good');
    expect(levelAfter([19]).name).toBe('low');
    expect(levelAfter([19, 21]).name).toBe('low');
    expect(levelAfter([19, 22]).name).toBe('good');
    expect(levelAfter([9]).name).toBe('critical');
    expect(levelAfter([9, 11]).name).toBe('critical');
    expect(levelAfter([9, 12]).name).toBe('low');
  });

  it('shut down once, after three empty readings, and not while charging', () => {
    expect(levelAfter([3, 3])).toEqual({ name: 'critical', effects: [] });
    expect(levelAfter([3, 3, 3, 3])).toEqual({ name: 'empty', effects: ['shutdown'] });
    expect(levelAfter([3, 50, 3, 3]).effects).toEqual([]);
    expect(levelAfter([1, 1, 1, 1], 'charging')).toEqual({ name: 'critical', effects: [] });
  });
});

describe('heat levels', () => {
  const levelAfter = (readings: [computerC: number, servoC: number][]) => {
    let state: HeatState = HEAT_START;
    for (const [computerC, servoC] of readings)
      state = stepHeat(state, { type: 'reading', computerC, servoC }).state;
    return state.name;
  };

  it('follow computer and servos, with hysteresis', () => {
    expect(levelAfter([[71, 30]])).toBe('good');
    expect(levelAfter([[72, 30]])).toBe('warm');
    expect(levelAfter([[30, 76]])).toBe('hot');
    expect(
      levelAfter([
        [81, 30],
        [76, 30],
      ]),
    ).toBe('hot');
    expect(
      levelAfter([
        [81, 30],
        [74, 30],
      ]),
    ).toBe('warm');
    expect(levelAfter([[89, 30]])).toBe('critical');
    expect(levelAfter([[30, 200]])).toBe('hot');
  });
});

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
    const robot = new Rig(new SimClock());
    await robot.awake();
    robot.body.percent = 9;
    await robot.clock.advance(4_000);
    expect(robot.last.battery).toMatchObject({ percent: 9, level: 'critical' });
    let red = false;
    for (let i = 0; i < 50; i++) {
      await robot.clock.advance(100);
      red ||= robot.body.levels.ring[0] > 0.5 && robot.body.levels.ring[1] === 0;
    }
    expect(red).toBe(true);
    robot.body.percent = 2;
    await robot.clock.advance(4_000);
    expect(robot.events).toEqual(['shutdown']);
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
    await robot.clock.advance(1_100);
    robot.send({ kind: 'look', pan: 0 });
    await robot.clock.advance(50);
    expect(robot.refusals).toEqual(['hot']);
    expect(robot.last).toMatchObject({ motion: 'off', cameraOn: true });
    robot.body.celsius = 90;
    await robot.clock.advance(1_100);
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
