import { describe, expect, it } from 'vitest';
import { awakeRig, Rig } from '../testing/rig.ts';

describe('stall', () => {
  it('turns torque off when the head is jammed, retries after growing pauses, and recovers', async () => {
    const robot = await awakeRig();
    robot.body.pan.stuck = true;
    robot.send({ kind: 'look', pan: 60 });
    await robot.clock.advance(800);
    expect(robot.last).toMatchObject({ motion: 'off', faults: ['panStall'] });
    expect(robot.body.pulses).toBe('torqueOff');
    robot.send({ kind: 'look', pan: 10 });
    await robot.clock.advance(100);
    expect(robot.refusals).toEqual(['fault']);

    await robot.clock.advance(2_500);
    expect(robot.last.faults).toEqual(['panStall']);
    const offFor = await torqueOffTime(robot);
    expect(offFor).toBeGreaterThan(3_000);
    robot.body.pan.stuck = false;
    await robot.clock.advance(10_000);
    expect(robot.last).toMatchObject({ motion: 'holding', faults: [] });
    expect(robot.last.pan.deg).toBeCloseTo(60, 0);
  });

  describe('resumes after the pause, but not', () => {
    const jammed = async (): Promise<Rig> => {
      const robot = await awakeRig();
      robot.body.pan.stuck = true;
      robot.send({ kind: 'look', pan: 60 });
      await robot.clock.advance(800);
      expect(robot.last).toMatchObject({ motion: 'off', faults: ['panStall'] });
      robot.body.pan.stuck = false;
      return robot;
    };

    it('when the pupil has stopped it meanwhile', async () => {
      const robot = await jammed();
      robot.send({ kind: 'stop' });
      await robot.clock.advance(8_000);
      expect(robot.last.pan.deg).toBeCloseTo(0, 0);
    });

    it('when the agent was silent meanwhile', async () => {
      const robot = await jammed();
      robot.fallSilent();
      await robot.clock.advance(900);
      robot.connect();
      await robot.clock.advance(8_000);
      expect(robot.last.motion).toBe('holding');
      expect(robot.last.pan.deg).toBeCloseTo(0, 0);
    });

    it('when somebody has turned the head elsewhere', async () => {
      const robot = await jammed();
      robot.body.pan.deg = -40;
      await robot.clock.advance(8_000);
      expect(robot.last.motion).toBe('holding');
      expect(robot.last.pan.deg).toBeCloseTo(-40, 0);
    });
  });

  it('does not report a slow servo or a long turn as a stall', async () => {
    const robot = await awakeRig();
    robot.body.pan.degPerMs = 0.17;
    robot.send({ kind: 'look', pan: 170 });
    await robot.clock.advance(1_500);
    robot.send({ kind: 'look', pan: -170 });
    await robot.clock.advance(4_000);
    expect(robot.last).toMatchObject({ motion: 'holding', faults: [] });
  });
});

/** Duration of the next period of torque off. */
async function torqueOffTime(robot: Rig): Promise<number> {
  await robot.clock.advance(10);
  while (robot.body.pulses !== 'torqueOff') await robot.clock.advance(10);
  let ms = 0;
  for (; robot.body.pulses === 'torqueOff'; ms += 10) await robot.clock.advance(10);
  return ms;
}

describe('encoder', () => {
  for (const [what, flag] of [
    ['a missing magnet', 'magnetMissing'],
    ['no answer', 'failing'],
    ['an answer that never comes', 'hanging'],
  ] as const)
    it(`stops motion at ${what}, and starts again by itself without a jump`, async () => {
      const robot = await awakeRig();
      robot.send({ kind: 'look', pan: 40 });
      await robot.clock.advance(1_500);
      robot.body.pan[flag] = true;
      await robot.clock.advance(400);
      expect(robot.last).toMatchObject({ motion: 'off', faults: ['panEncoder'] });
      expect(robot.body.pulses).toBe('torqueOff');
      robot.send({ kind: 'look', pan: 10 });
      await robot.clock.advance(50);
      expect(robot.refusals).toEqual(['fault']);
      // Turned while the encoder failed.
      robot.body.pan.deg = -60;
      robot.body.pan[flag] = false;
      await robot.clock.advance(2_800);
      expect(robot.last).toMatchObject({ motion: 'holding', faults: [] });
      expect(robot.last.pan.deg).toBeCloseTo(-60, 0);
    });

  it('tolerates occasional failed readings', async () => {
    const robot = await awakeRig();
    for (let i = 0; i < 20; i++) {
      robot.body.tilt.failing = i % 4 < 2;
      await robot.clock.advance(10);
    }
    expect(robot.last).toMatchObject({ motion: 'holding', faults: [] });
  });

  it('treats an impossible jump as a fault, and accepts it when it persists', async () => {
    const robot = await awakeRig();
    robot.body.pan.deg = 90;
    await robot.clock.advance(100);
    expect(robot.last).toMatchObject({ motion: 'off', faults: ['panEncoder'] });
    await robot.clock.advance(2_000);
    expect(robot.last).toMatchObject({ motion: 'holding', faults: [] });
    expect(robot.last.pan.deg).toBeCloseTo(robot.body.pan.deg, 0);
    expect(robot.last.pan.deg).toBeGreaterThan(60);
  });

  it('is required: nothing moves while it does not answer', async () => {
    const robot = new Rig();
    robot.body.tilt.failing = true;
    await robot.awake();
    await robot.clock.advance(12_000);
    expect(robot.body.count.pulses).toBe(0);
    expect(robot.last).toMatchObject({ motion: 'off', faults: ['tiltEncoder'] });
  });

  it.each([
    [
      ['pan', 'tilt'],
      ['panEncoder', 'tiltEncoder'],
    ],
    [['pan'], ['panEncoder']],
    [['tilt'], ['tiltEncoder']],
  ] as const)(
    'that the board does not have (%s): no pulse from nobody knows where',
    async (axes, faults) => {
      const robot = new Rig();
      for (const axis of axes) robot.body[axis].present = false;
      // The head was left far from its rest angle.
      robot.body.pan.deg = 120;
      await robot.awake();
      robot.send({ kind: 'look', pan: 30 });
      await robot.clock.advance(20_000);
      expect(robot.body.count.pulses).toBe(0);
      expect(robot.body.pan.move()).toBe(120);
      expect(robot.refusals.at(-1)).toBe('fault');
      expect(robot.last).toMatchObject({ motion: 'off', faults });
    },
  );

  it('is not required on a board without servos', async () => {
    const robot = new Rig();
    robot.body.servos.present = robot.body.pan.present = robot.body.tilt.present = false;
    await robot.awake();
    expect(robot.last).toMatchObject({ motion: 'absent', faults: [] });
  });
});

describe('a head turned by hand', () => {
  it('has torque off, and is held again where it is left, without a jump', async () => {
    const robot = await awakeRig();
    for (let deg = 0; deg <= 50; deg += 1) {
      robot.body.pan.deg = deg;
      await robot.clock.advance(20);
    }
    expect(robot.last.motion).toBe('handTurned');
    expect(robot.body.pulses).toBe('torqueOff');
    await robot.clock.advance(900);
    expect(robot.body.pulses).toBe('torqueOff');
    await robot.clock.advance(400);
    expect(robot.last).toMatchObject({ motion: 'holding', faults: [] });
    expect(robot.last.pan.targetDeg).toBeCloseTo(50, 0);
    expect(robot.body.pan.move()).toBeCloseTo(50, 0);
  });

  it('gets no torque while it is still being turned, also when its servos were lost meanwhile', async () => {
    const robot = await awakeRig();
    const { release } = robot.body.servos;
    for (let deg = 0; deg <= 160; deg += 1) {
      robot.body.pan.deg = deg;
      robot.body.servos.release = deg > 60 && deg < 100 ? () => new Promise(() => {}) : release;
      await robot.clock.advance(30);
      if (deg > 50) expect(robot.body.pulses).toBe('torqueOff');
      if (deg === 95) expect(robot.last).toMatchObject({ motion: 'off', faults: ['servoDriver'] });
    }
    await robot.clock.advance(2_500);
    expect(robot.last).toMatchObject({ motion: 'holding', faults: [] });
    expect(robot.last.pan.targetDeg).toBeCloseTo(160, 0);
  });

  it('keeps torque when it is only knocked a little', async () => {
    const robot = await awakeRig();
    robot.body.pan.deg += 5;
    await robot.clock.advance(500);
    expect(robot.last.motion).toBe('holding');
    expect(robot.body.pan.move()).toBeCloseTo(0, 0);
  });
});

describe('the bus', () => {
  it('that fails is reported as a fault and recovers by itself; the head stands meanwhile', async () => {
    const robot = await awakeRig();
    robot.send({ kind: 'look', pan: 120 });
    await robot.clock.advance(400);
    robot.body.busFails = true;
    await robot.clock.advance(3_000);
    expect(robot.last.motion).toBe('off');
    // One fault for the bus, not one for each chip on it.
    expect(robot.last.faults).toEqual(['i2cBus']);
    expect(robot.body.pulses).toBe('torqueOff');
    robot.body.busFails = false;
    await robot.clock.advance(3_500);
    expect(robot.last).toMatchObject({ motion: 'holding', faults: [] });
  });

  it('that fails for one tick is not reported', async () => {
    const robot = await awakeRig();
    robot.send({ kind: 'look', pan: 120 });
    for (let i = 0; i < 40; i++) {
      robot.body.busFails = i % 5 === 0;
      await robot.clock.advance(10);
    }
    robot.body.busFails = false;
    await robot.clock.advance(2_000);
    expect(robot.last).toMatchObject({ motion: 'holding', faults: [] });
    expect(robot.last.pan.deg).toBeCloseTo(120, 0);
  });

  it('that hangs does not stop the loop', async () => {
    const robot = await awakeRig();
    robot.body.servos.setPulses = () => new Promise(() => {});
    robot.send({ kind: 'look', pan: 60 });
    await robot.clock.advance(500);
    expect(robot.last).toMatchObject({ motion: 'off', faults: ['servoDriver'] });
    expect(robot.body.cameraRail.on).toBe(true);
  });
});

describe('servo driver', () => {
  it('gets no pulse for an outdated angle', async () => {
    const robot = await awakeRig();
    const { setPulses } = robot.body.servos;
    robot.body.servos.setPulses = () => Promise.reject(new Error('no answer'));
    robot.send({ kind: 'look', pan: 5 });
    await robot.clock.advance(950);
    // The encoder stops answering while torque is off, and the head is turned by hand.
    robot.body.pan.hanging = true;
    robot.body.pan.deg = -60;
    robot.body.servos.setPulses = setPulses;
    for (let ms = 0; ms < 1_500; ms += 10) {
      await robot.clock.advance(10);
      expect(robot.body.pulses).toBe('torqueOff');
    }
    robot.body.pan.hanging = false;
    await robot.clock.advance(3_000);
    expect(robot.last).toMatchObject({ motion: 'holding', faults: [] });
    expect(robot.last.pan.deg).toBeCloseTo(-60, 0);
  });

  it('that fails for a moment turns torque off, and the head then stays where it is found', async () => {
    const robot = await awakeRig();
    const { setPulses } = robot.body.servos;
    robot.send({ kind: 'look', pan: 60 });
    await robot.clock.advance(200);
    robot.body.servos.setPulses = () => Promise.reject(new Error('no answer'));
    await robot.clock.advance(150);
    expect(robot.last).toMatchObject({ motion: 'off', faults: ['servoDriver'] });
    expect(robot.body.pulses).toBe('torqueOff');
    robot.body.servos.setPulses = setPulses;
    // It is turned by hand meanwhile.
    robot.body.pan.deg = -30;
    await robot.clock.advance(3_500);
    expect(robot.last).toMatchObject({ motion: 'holding', faults: [] });
    expect(robot.last.pan.deg).toBeCloseTo(-30, 0);
    robot.send({ kind: 'look', pan: 60 });
    await robot.clock.advance(2_500);
    expect(robot.last.pan.deg).toBeCloseTo(60, 0);
  });
});
