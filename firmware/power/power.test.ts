import { describe, expect, it } from 'vitest';
import { deskmate1 } from '../../hal/boards/deskmate1.ts';
import { laptop } from '../../hal/boards/laptop.ts';
import { MemoryStorage } from '../../sim/testing/memory-storage.ts';
import { awakeRig, Rig } from '../testing/rig.ts';
import { MainsGuess } from './power-watch.ts';

describe('a battery', () => {
  it('counts as on mains by its gauge, or by its charge when the gauge does not know', () => {
    const mains = new MainsGuess();
    const said = (
      [
        [60, 'unknown', true],
        [59, 'unknown', true],
        [58, 'unknown', false],
        [58, 'charging', true],
        [57, 'unknown', true],
        [57, 'discharging', false],
        [100, 'full', true],
        [97, 'unknown', false],
      ] as const
    ).map(([percent, status, expected]) => [
      mains.powered({ percent, volts: 0, status }),
      expected,
    ]);
    for (const [was, expected] of said) expect(was).toBe(expected);
  });
});

describe('the robot', () => {
  it('shows red under 10 %, and says shutdown when empty', async () => {
    const memory = new MemoryStorage();
    const robot = await awakeRig({ memory });
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
    const robot = await awakeRig();
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

  it('ignores battery and heat of a laptop: no call ends, nothing is switched off', async () => {
    const memory = new MemoryStorage();
    const robot = await awakeRig({ memory, board: { ...laptop, i2c: deskmate1.i2c } });
    Object.assign(robot.body, { percent: 1, volts: 9, celsius: 97 });
    await robot.clock.advance(10_000);
    expect(robot.events).toEqual([]);
    expect(await memory.read('shutdown')).toBeUndefined();
    expect(robot.last).toMatchObject({ motion: 'holding', cameraOn: true });
    expect(robot.last).toMatchObject({ heat: { level: 'warm' }, battery: { level: 'critical' } });
  });

  it('uses the voltage only where the board gives the number of cells', async () => {
    for (const [batteryCells, events] of [
      [null, []],
      [2, []],
      [3, ['shutdown']],
    ] as const) {
      const board = { ...deskmate1, kernel: { ...deskmate1.kernel, batteryCells } };
      const robot = new Rig({ board });
      // Three full cells of 4.4 V: a first reading that looks like four of 4.2 V.
      Object.assign(robot.body, { percent: 70, volts: 13.2 });
      await robot.awake();
      robot.body.volts = batteryCells === 3 ? 8.8 : 11.9;
      await robot.clock.advance(5_000);
      expect(robot.events).toEqual(events);
    }
  });

  it.each([
    ['a register that nobody scaled', 1, 0.053_744],
    ['nothing', 2, 0],
    ['one cell of a pack', 3, 4.19],
    ['a pack where the board says one cell', 1, 11.8],
    ['ten times too much', 2, 78],
    ['no number', 2, Number.NaN],
  ])('gives nothing up for volts that no cell has: %s', async (_, batteryCells, volts) => {
    const board = { ...deskmate1, kernel: { ...deskmate1.kernel, batteryCells } };
    const robot = new Rig({ board });
    Object.assign(robot.body, { percent: 98, volts });
    await robot.awake();
    await robot.clock.advance(10_000);
    expect(robot.events).toEqual([]);
    expect(robot.last).toMatchObject({ battery: { percent: 98, level: 'good' }, cameraOn: true });
  });

  it('is on mains when its battery is not charging and does not empty', async () => {
    const robot = new Rig();
    Object.assign(robot.body, { percent: 3, batteryStatus: 'unknown' });
    await robot.awake();
    await robot.clock.advance(10_000);
    expect(robot.events).toEqual([]);
    robot.body.percent = 1;
    await robot.clock.advance(5_000);
    expect(robot.events).toEqual(['shutdown']);
  });

  it('kicks the watchdog while its loop runs', async () => {
    const robot = await awakeRig();
    const { kicks } = robot.body.count;
    await robot.clock.advance(5_000);
    expect(robot.body.count.kicks - kicks).toBe(5);
  });
});
