import { describe, expect, it } from 'vitest';
import { awakeRig, HERE } from './testing/rig.ts';

describe('the agent falls silent', () => {
  for (const quiet of [false, true])
    it(`stops the head in time, wherever it was in its turn (quiet: ${quiet})`, async () => {
      for (const untilMs of [10, 120, 480, 760, 990]) {
        const robot = await awakeRig();
        robot.setDesired({ quiet });
        robot.send({ kind: 'lookRate', pan: 180, tilt: -90 });
        robot.send({ kind: 'look', pan: 170, tilt: -20 });
        await robot.clock.advance(untilMs - (untilMs % 50));
        robot.setDesired({});
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
        expect(robot.body.pulses).toBe('torqueOff');
      }
    });

  it('continues when `desired` was only late, but needs a new look after authority expired', async () => {
    const robot = await awakeRig();
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

describe('a head without torque', () => {
  it('stays without torque while the agent is silent, whatever recovers', async () => {
    const robot = await awakeRig();
    robot.body.pan.magnetMissing = true;
    robot.setDesired({ presence: 'asleep', camera: false });
    await robot.clock.advance(300);
    robot.setDesired(HERE);
    await robot.clock.advance(300);
    robot.fallSilent();
    await robot.clock.advance(300);
    robot.body.pan.magnetMissing = false;
    await robot.clock.advance(5_000);
    expect(robot.body.pulses).toBe('torqueOff');
    robot.connect();
    await robot.clock.advance(1_500);
    expect(robot.last).toMatchObject({ motion: 'holding', faults: [] });
  });
});
