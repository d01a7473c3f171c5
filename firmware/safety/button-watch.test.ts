import { describe, expect, it } from 'vitest';
import { MemoryStorage } from '../../sim/testing/memory-storage.ts';
import { awakeRig, Rig } from '../testing/rig.ts';
import { STUCK_MS } from './button-watch.ts';

const closed = { cameraOn: false, microphoneOn: false, faults: ['teacherButton'] };
const open = { cameraOn: true, microphoneOn: true, faults: [] };

describe('a teacher\u2019s button that does not work', () => {
  it('turns camera and microphone off, is reported, and recovers', async () => {
    const robot = await awakeRig();
    expect(robot.last).toMatchObject(open);
    robot.body.teacherButton.failing = true;
    await robot.clock.advance(1_200);
    expect(robot.last).toMatchObject({ ...closed, paused: false });
    let red = false;
    for (let i = 0; i < 50; i++) {
      await robot.clock.advance(100);
      const [r, g] = robot.body.levels.ring;
      red ||= r > 0.7 && g === 0;
    }
    expect(red).toBe(true);
    robot.body.teacherButton.failing = false;
    await robot.clock.advance(2_000);
    expect(robot.last).toMatchObject(open);
  });

  it('is reported to an agent that requests the camera', async () => {
    const robot = new Rig();
    robot.body.teacherButton.failing = true;
    await robot.awake();
    expect(robot.last).toMatchObject(closed);
    expect(robot.refusals).toContain('fault');
  });

  it('is not assumed after one failed reading', async () => {
    const robot = await awakeRig();
    robot.body.teacherButton.failing = true;
    await robot.clock.advance(260);
    robot.body.teacherButton.failing = false;
    await robot.clock.advance(2_000);
    const bodies = robot.messages.filter((message) => message.kind === 'body');
    expect(bodies.every((body) => body.faults.length === 0)).toBe(true);
  });

  it('is one that was never found up: a short to ground, or held down', async () => {
    const robot = new Rig();
    robot.body.teacherButton.down = true;
    await robot.awake();
    expect(robot.last).toMatchObject(closed);
    robot.body.teacherButton.set(false);
    await robot.clock.advance(500);
    // Its release is no press.
    expect(robot.last).toMatchObject({ ...open, paused: false });
  });

  it('is one that was pressed while its line was lost: it pauses when that is back', async () => {
    const robot = await awakeRig();
    robot.body.teacherButton.failing = true;
    await robot.clock.advance(1_000);
    robot.body.teacherButton.set(true);
    robot.body.teacherButton.failing = false;
    await robot.clock.advance(2_000);
    expect(robot.last).toMatchObject({ paused: true, cameraOn: false, faults: [] });
    robot.body.teacherButton.set(false);
    await robot.clock.advance(500);
    expect(robot.last).toMatchObject({ paused: true, cameraOn: false });
    robot.body.teacherButton.press();
    await robot.clock.advance(500);
    expect(robot.last).toMatchObject({ ...open, paused: false });
  });

  it('held down since before firmware restarted: pauses', async () => {
    const memory = new MemoryStorage();
    await awakeRig({ memory });
    const robot = new Rig({ memory });
    robot.body.teacherButton.down = true;
    await robot.start();
    robot.body.teacherButton.set(false);
    robot.connect();
    await robot.clock.advance(2_000);
    expect(robot.last).toMatchObject({ paused: true, cameraOn: false, faults: [] });
    robot.body.teacherButton.press();
    await robot.clock.advance(500);
    expect(robot.last).toMatchObject({ ...open, paused: false });
  });

  it('is one that is held implausibly long', async () => {
    const robot = await awakeRig();
    robot.body.teacherButton.set(true);
    await robot.clock.advance(STUCK_MS - 1_000);
    expect(robot.last).toMatchObject({ paused: true, faults: [] });
    await robot.clock.advance(2_000);
    expect(robot.last).toMatchObject({ paused: true, ...closed });
    robot.body.teacherButton.set(false);
    await robot.clock.advance(500);
    expect(robot.last).toMatchObject({ paused: true, faults: [] });
    robot.body.teacherButton.press();
    await robot.clock.advance(500);
    expect(robot.last).toMatchObject({ paused: false, ...open });
  });

  it('does not apply to a board without one', async () => {
    const robot = new Rig();
    robot.body.teacherButton.present = false;
    robot.body.teacherButton.failing = true;
    await robot.awake();
    expect(robot.last).toMatchObject(open);
  });
});
