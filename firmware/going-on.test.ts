import { describe, expect, it } from 'vitest';
import { SimClock } from '../sim/time/sim-clock.ts';
import { Rig } from './testing/rig.ts';

const rig = (): Rig => new Rig(new SimClock());

describe('a process that was frozen', () => {
  it('goes on from where the servos stood, without a jump', async () => {
    const clock = new SimClock();
    let frozen = false;
    const robot = new Rig({
      now: () => clock.now(),
      wall: () => clock.wall(),
      after: (ms, act) => clock.after(ms, act),
      every: (ms, act) => clock.every(ms, () => frozen || act()),
      advance: (ms) => clock.advance(ms),
    });
    await robot.awake();
    robot.send({ kind: 'look', pan: 170 });
    await clock.advance(400);
    frozen = true;
    await clock.advance(300);
    frozen = false;
    const stood = robot.body.pan.move();
    robot.want({});
    robot.send({ kind: 'look', pan: 160 });
    for (let i = 0, before = stood; i < 150; i++) {
      await clock.advance(10);
      const { pulses } = robot.body;
      if (pulses === 'limp') throw new Error('expected powered servos');
      const pan = (pulses.pan - 1500) / 5;
      expect(Math.abs(pan - before)).toBeLessThan(2);
      before = pan;
    }
    expect(robot.body.pan.move()).toBeCloseTo(160, 0);
  });
});

describe('a turn at a rate leads nowhere', () => {
  const turning = async (): Promise<Rig> => {
    const robot = rig();
    await robot.awake();
    robot.send({ kind: 'lookRate', pan: 60, tilt: 0 });
    await robot.clock.advance(200);
    return robot;
  };

  it('when the servos take nothing for a while', async () => {
    const robot = await turning();
    robot.body.busFails = true;
    await robot.clock.advance(60);
    robot.body.busFails = false;
    await robot.clock.advance(4_000);
    expect(robot.last.pan.deg).toBeLessThan(16);
  });

  it('when it jams and is tried again', async () => {
    const robot = await turning();
    for (let i = 0; i < 40; i++) {
      robot.body.pan.stuck = i > 2;
      robot.send({ kind: 'lookRate', pan: 60, tilt: 0 });
      await robot.clock.advance(50);
    }
    expect(robot.last.faults).toEqual(['panStall']);
    robot.body.pan.stuck = false;
    await robot.clock.advance(8_000);
    expect(robot.last).toMatchObject({ motion: 'holding', faults: [] });
    expect(robot.last.pan.deg).toBeLessThan(60);
  });

  it('when the teacher pauses and resumes', async () => {
    const robot = await turning();
    robot.body.teacherButton.press();
    await robot.clock.advance(1_000);
    robot.body.teacherButton.press();
    await robot.clock.advance(4_000);
    expect(robot.last.pan.deg).toBeLessThan(16);
  });
});
