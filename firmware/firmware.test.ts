import { describe, expect, it } from 'vitest';
import { SimClock } from '../sim/time/sim-clock.ts';
import { HERE, Rig } from './testing/rig.ts';

const rig = (options = {}): Rig => new Rig(new SimClock(), options);

describe('waking and resting', () => {
  it('does not move before anybody wants something, then rests', async () => {
    const robot = rig();
    robot.body.tilt.deg = -3;
    await robot.start();
    await robot.clock.advance(9_000);
    expect(robot.body.count.pulses).toBe(0);
    await robot.clock.advance(3_000);
    expect(robot.body.tilt.move()).toBeCloseTo(-25, 1);
    expect(robot.body.pulses).toBe('limp');
  });

  it('lifts the head when a pupil comes and lowers it to sleep when they leave', async () => {
    const robot = rig();
    await robot.awake();
    expect(robot.last).toMatchObject({ motion: 'holding', faults: [] });
    expect(robot.last.tilt.deg).toBeCloseTo(0, 0);
    robot.want({ presence: 'asleep', camera: false, microphone: false });
    await robot.clock.advance(3_000);
    expect(robot.last.motion).toBe('rest');
    expect(robot.last.tilt.deg).toBeCloseTo(-25, 0);
    expect(robot.body.pulses).toBe('limp');
  });

  it('carries out a look that comes right behind the wake', async () => {
    const robot = rig();
    await robot.start();
    robot.connect();
    robot.send({ kind: 'look', pan: 30 });
    await robot.clock.advance(1_500);
    expect(robot.refusals).toEqual([]);
    expect(robot.body.pan.move()).toBeCloseTo(30, 0);
    expect(robot.body.tilt.move()).toBeCloseTo(0, 0);
  });
});

describe('looking', () => {
  it('sends body each 20 ms', async () => {
    const robot = rig();
    await robot.awake();
    const before = robot.messages.length;
    await robot.clock.advance(1_000);
    expect(robot.messages.length - before).toBe(50);
  });

  it('turns and clamps, keeps the other axis, and follows a rate until it expires', async () => {
    const robot = rig();
    await robot.awake();
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
    const robot = rig();
    await robot.awake();
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

  it('writes the beginning of a look at once, not at the next beat', async () => {
    const robot = rig();
    await robot.awake();
    await robot.clock.advance(1);
    const before = robot.body.count.pulses;
    robot.send({ kind: 'look', pan: 30 });
    await robot.clock.advance(0);
    expect(robot.body.count.pulses).toBe(before + 1);
  });

  it('leaves the bus alone while nothing moves', async () => {
    const robot = rig();
    await robot.awake();
    await robot.clock.advance(3_000);
    const { pulses, lights, eyes } = { ...robot.body.count };
    await robot.clock.advance(4_000);
    expect(robot.body.count.pulses - pulses).toBeLessThanOrEqual(9);
    expect(robot.body.count.lights - lights).toBeLessThanOrEqual(3);
    expect(robot.body.count.eyes - eyes).toBeLessThanOrEqual(6);
  });

  it('without servos has nothing to calibrate', async () => {
    const robot = rig({ calibration: undefined });
    Object.assign(robot.body.servos, { present: false });
    await robot.start();
    robot.connect(HERE);
    robot.send({ kind: 'look', pan: 5 });
    await robot.clock.advance(100);
    expect(robot.last.faults).toEqual([]);
    expect(robot.refusals).toEqual(['fault']);
  });

  it('says why a look is not carried out', async () => {
    const robot = rig({ calibration: undefined });
    await robot.start();
    robot.connect({ ...HERE, presence: 'asleep', camera: false });
    robot.send({ kind: 'look', pan: 5 });
    await robot.clock.advance(100);
    expect(robot.refusals).toEqual(['notCalibrated']);
    expect(robot.last.faults).toEqual(['notCalibrated']);
    expect(robot.body.count.pulses).toBe(0);

    const asleep = rig();
    await asleep.start();
    asleep.connect({ ...HERE, presence: 'asleep', camera: false });
    asleep.send({ kind: 'look', pan: 5 });
    await asleep.clock.advance(100);
    expect(asleep.refusals).toEqual(['resting']);
  });
});

describe('the agent falls silent', () => {
  for (const quiet of [false, true])
    it(`stops the head in time, wherever it was in its turn (quiet: ${quiet})`, async () => {
      for (const untilMs of [10, 120, 480, 760, 990]) {
        const robot = rig();
        await robot.awake();
        robot.want({ quiet });
        robot.send({ kind: 'lookRate', pan: 180, tilt: -90 });
        robot.send({ kind: 'look', pan: 170, tilt: -20 });
        await robot.clock.advance(untilMs - (untilMs % 50));
        robot.want({});
        robot.fallSilent();
        await robot.clock.advance(500);
        const [pan, tilt] = [robot.body.pan.move(), robot.body.tilt.move()];
        expect(robot.body.cameraRail.on).toBe(false);
        expect(robot.body.microphoneRail.on).toBe(false);
        await robot.clock.advance(2_000);
        expect(robot.body.pan.move()).toBeCloseTo(pan, 1);
        expect(robot.body.tilt.move()).toBeCloseTo(tilt, 1);
        expect(robot.body.cameraRail.on).toBe(false);
        await robot.clock.advance(12_000);
        expect(robot.body.tilt.move()).toBeCloseTo(-25, 0);
        expect(robot.body.pulses).toBe('limp');
      }
    });

  it('goes on when `wanted` was only late, but wants a new look when it was away', async () => {
    const robot = rig();
    await robot.awake();
    robot.send({ kind: 'look', pan: 90 });
    await robot.clock.advance(400);
    robot.fallSilent();
    await robot.clock.advance(200);
    robot.connect();
    await robot.clock.advance(1_500);
    expect(robot.last.pan.deg).toBeCloseTo(90, 0);

    robot.send({ kind: 'look', pan: -90 });
    await robot.clock.advance(400);
    robot.fallSilent();
    await robot.clock.advance(1_000);
    const stopped = robot.last.pan.deg;
    robot.send({ kind: 'look', pan: 0 });
    await robot.clock.advance(100);
    expect(robot.refusals).toEqual(['noAuthority']);
    robot.connect();
    await robot.clock.advance(1_500);
    expect(robot.last.pan.deg).toBeCloseTo(stopped, 0);
  });
});

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

describe('a limp head', () => {
  it('gets no power while the agent is silent, whatever recovers', async () => {
    const robot = rig();
    await robot.awake();
    robot.body.pan.magnetMissing = true;
    robot.want({ presence: 'asleep', camera: false });
    await robot.clock.advance(300);
    robot.want(HERE);
    await robot.clock.advance(300);
    robot.fallSilent();
    await robot.clock.advance(300);
    robot.body.pan.magnetMissing = false;
    await robot.clock.advance(5_000);
    expect(robot.body.pulses).toBe('limp');
    robot.connect();
    await robot.clock.advance(1_500);
    expect(robot.last).toMatchObject({ motion: 'holding', faults: [] });
  });
});

describe('rails', () => {
  it('are on only in a live presence that asks', async () => {
    const robot = rig();
    await robot.awake();
    expect(robot.last).toMatchObject({ cameraOn: true, microphoneOn: true });
    for (const presence of ['lost', 'asleep', 'updating', 'pairing'] as const) {
      robot.want({ presence });
      await robot.clock.advance(60);
      expect(robot.body.cameraRail.on).toBe(false);
      expect(robot.body.microphoneRail.on).toBe(false);
    }
    robot.want({ presence: 'listening' });
    await robot.clock.advance(60);
    expect(robot.body.cameraRail.on).toBe(true);
    robot.want({ camera: false });
    await robot.clock.advance(60);
    expect(robot.body.cameraRail.on).toBe(false);
    expect(robot.body.microphoneRail.on).toBe(true);
  });

  it('that stay on are a fault until they obey', async () => {
    const robot = rig();
    await robot.awake();
    robot.body.cameraRail.stuckOn = true;
    robot.want({ camera: false });
    await robot.clock.advance(500);
    expect(robot.last).toMatchObject({ cameraOn: true, faults: ['cameraRail'] });
    robot.body.cameraRail.stuckOn = false;
    await robot.clock.advance(500);
    expect(robot.last).toMatchObject({ cameraOn: false, faults: [] });
  });
});

describe('stop', () => {
  it('brakes, then turns everything off', async () => {
    const robot = rig();
    await robot.awake();
    robot.send({ kind: 'look', pan: 170 });
    await robot.clock.advance(500);
    const stopped = robot.firmware.stop();
    await robot.clock.advance(1_000);
    await stopped;
    expect(robot.body.pulses).toBe('limp');
    expect(robot.body.cameraRail.on).toBe(false);
    expect(robot.body.levels).toEqual({ ring: [0, 0, 0], hand: 0 });
    const { pulses } = robot.body.count;
    await robot.clock.advance(1_000);
    expect(robot.body.count.pulses).toBe(pulses);
  });
});
