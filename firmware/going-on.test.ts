import { describe, expect, it } from 'vitest';
import { SimClock } from '../sim/time/sim-clock.ts';
import { awakeRig, type Rig } from './testing/rig.ts';

/** Firmware whose loop can be frozen. */
async function freezable() {
  const clock = new SimClock();
  let frozen = false;
  const robot = await awakeRig({
    clock: {
      now: () => clock.now(),
      wall: () => clock.wall(),
      after: (ms, act) => clock.after(ms, act),
      every: (ms, act) => clock.every(ms, () => frozen || act()),
      advance: (ms) => clock.advance(ms),
    },
  });
  const freeze = async (ms: number): Promise<void> => {
    frozen = true;
    await clock.advance(ms);
    frozen = false;
  };
  return { robot, clock, freeze };
}

describe('a process that was frozen', () => {
  it('does not report "not paused" before it has handled the presses made meanwhile', async () => {
    const { robot, clock, freeze } = await freezable();
    await freeze(2_000);
    robot.messages.length = 0;
    // An agent that wants the camera is there at once; the press is still pending for 50 ms.
    robot.connect();
    await clock.advance(50);
    robot.body.teacherButton.press();
    await clock.advance(500);
    const bodies = robot.messages.filter((message) => message.kind === 'body');
    expect(bodies.length).toBeGreaterThan(10);
    expect(bodies.filter(({ paused }) => !paused)).toEqual([]);
    robot.body.teacherButton.press();
    await clock.advance(500);
    expect(robot.last).toMatchObject({ paused: false, cameraOn: true });
  });

  it('has no camera until then, and has it again', async () => {
    const { robot, clock, freeze } = await freezable();
    await freeze(2_000);
    await clock.advance(60);
    expect(robot.body.cameraRail.on).toBe(false);
    robot.setDesired({});
    await clock.advance(1_500);
    expect(robot.last).toMatchObject({ paused: false, cameraOn: true, faults: [] });
  });

  it('for less than the timeout of the agent continues normally', async () => {
    const { robot, clock, freeze } = await freezable();
    await freeze(200);
    await clock.advance(40);
    expect(robot.last.atMs).toBeGreaterThan(clock.now() - 40);
    expect(robot.body.cameraRail.on).toBe(true);
  });

  it('continues from where the servos stood, without a jump', async () => {
    const { robot, clock, freeze } = await freezable();
    robot.send({ kind: 'look', pan: 170 });
    await clock.advance(400);
    await freeze(300);
    const stood = robot.body.pan.move();
    robot.setDesired({});
    robot.send({ kind: 'look', pan: 160 });
    for (let i = 0, before = stood; i < 150; i++) {
      await clock.advance(10);
      const { pulses } = robot.body;
      if (pulses === 'torqueOff') throw new Error('expected powered servos');
      const pan = (pulses.pan - 1500) / 5;
      expect(Math.abs(pan - before)).toBeLessThan(2);
      before = pan;
    }
    expect(robot.body.pan.move()).toBeCloseTo(160, 0);
  });
});

describe('a velocity look is not continued', () => {
  const turning = async (): Promise<Rig> => {
    const robot = await awakeRig();
    robot.send({ kind: 'lookRate', pan: 60, tilt: 0 });
    await robot.clock.advance(200);
    return robot;
  };

  it('when servo writes fail for a while', async () => {
    const robot = await turning();
    robot.body.busFails = true;
    await robot.clock.advance(60);
    robot.body.busFails = false;
    await robot.clock.advance(4_000);
    expect(robot.last.pan.deg).toBeLessThan(16);
  });

  it('after a stall and a retry', async () => {
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
