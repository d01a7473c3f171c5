import { describe, expect, it } from 'vitest';
import { awakeRig, HERE, Rig } from '../testing/rig.ts';
import { PAUSE_OUTLIVES_SESSION_MS } from './pause.ts';

const ASLEEP = { ...HERE, presence: 'asleep', camera: false, microphone: false } as const;

describe('teacher button', () => {
  it('pauses: camera and microphone off, head down, looks refused; a second press resumes', async () => {
    const robot = await awakeRig();
    robot.send({ kind: 'look', pan: 50, tilt: 12 });
    await robot.clock.advance(1_500);
    robot.body.teacherButton.press();
    await robot.clock.advance(60);
    expect(robot.body.cameraRail.on).toBe(false);
    expect(robot.body.microphoneRail.on).toBe(false);
    await robot.clock.advance(2_000);
    expect(robot.last).toMatchObject({ paused: true, cameraOn: false, motion: 'holding' });
    expect(robot.last.tilt.deg).toBeCloseTo(-20, 0);
    expect(robot.last.pan.deg).toBeCloseTo(50, 0);
    robot.send({ kind: 'look', pan: 0 });
    await robot.clock.advance(50);
    expect(robot.refusals).toEqual(['paused']);
    robot.body.teacherButton.press();
    await robot.clock.advance(2_000);
    expect(robot.last).toMatchObject({ paused: false, cameraOn: true });
    expect(robot.last.tilt.deg).toBeCloseTo(12, 0);
    expect(robot.last.pan.deg).toBeCloseTo(50, 0);
    expect(robot.events).toEqual(['paused', 'resumed']);
  });

  it('works without an agent', async () => {
    const robot = new Rig();
    await robot.start();
    robot.body.teacherButton.press();
    await robot.clock.advance(100);
    robot.connect();
    await robot.clock.advance(1_500);
    expect(robot.last).toMatchObject({ paused: true, cameraOn: false });
    expect(robot.refusals).toEqual(['paused']);
  });

  it('keeps the pause when the agent restarts, and when the pupil hangs up and comes back', async () => {
    const robot = await awakeRig();
    robot.body.teacherButton.press();
    await robot.clock.advance(500);
    robot.fallSilent();
    await robot.clock.advance(3_000);
    robot.connect(ASLEEP);
    await robot.clock.advance(60_000);
    robot.connect(HERE);
    await robot.clock.advance(500);
    expect(robot.last).toMatchObject({ paused: true, cameraOn: false });
  });

  it('ends the pause some minutes after the session', async () => {
    const robot = await awakeRig();
    robot.body.teacherButton.press();
    await robot.clock.advance(500);
    robot.setDesired(ASLEEP);
    await robot.clock.advance(PAUSE_OUTLIVES_SESSION_MS + 1_000);
    expect(robot.last.paused).toBe(false);
    expect(robot.events).toEqual(['paused', 'resumed']);
  });

  it('pauses by the second press, however often the agent raises the hand again', async () => {
    const robot = await awakeRig();
    for (let i = 0; i < 2; i++) {
      robot.setDesired({ hand: true });
      await robot.clock.advance(300);
      robot.body.teacherButton.press();
      robot.setDesired({ hand: false });
      await robot.clock.advance(100);
    }
    expect(robot.events).toEqual(['handAcknowledged', 'paused']);
    expect(robot.body.cameraRail.on).toBe(false);
  });

  it('pauses by a long press while the finger is down; letting go does nothing', async () => {
    const robot = await awakeRig();
    robot.setDesired({ hand: true });
    await robot.clock.advance(300);
    robot.body.teacherButton.set(true);
    await robot.clock.advance(1_060);
    expect(robot.body.cameraRail.on).toBe(false);
    robot.body.teacherButton.set(false);
    await robot.clock.advance(1_000);
    expect(robot.events).toEqual(['handAcknowledged', 'paused']);
    expect(robot.body.cameraRail.on).toBe(false);
  });

  it('acknowledges a raised hand first; a further press pauses', async () => {
    const robot = await awakeRig();
    robot.setDesired({ hand: true });
    await robot.clock.advance(1_000);
    robot.body.teacherButton.press();
    await robot.clock.advance(500);
    expect(robot.events).toEqual(['handAcknowledged']);
    expect(robot.last.paused).toBe(false);
    const steady = robot.body.levels.hand;
    await robot.clock.advance(250);
    expect(robot.body.levels.hand).toBe(steady);
    expect(steady).toBeGreaterThan(0.3);
    robot.body.teacherButton.press();
    await robot.clock.advance(100);
    expect(robot.events).toEqual(['handAcknowledged', 'paused']);
    robot.setDesired({ hand: false });
    await robot.clock.advance(300);
    expect(robot.body.levels.hand).toBe(0);
  });
});

describe('pair button', () => {
  it('reports a press of five seconds, once', async () => {
    const robot = await awakeRig();
    robot.body.pairButton.set(true);
    await robot.clock.advance(4_900);
    robot.body.pairButton.set(false);
    robot.body.pairButton.set(true);
    await robot.clock.advance(4_900);
    expect(robot.events).toEqual([]);
    await robot.clock.advance(10_000);
    expect(robot.events).toEqual(['pair']);
  });
});
