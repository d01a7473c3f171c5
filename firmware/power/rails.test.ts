import { describe, expect, it } from 'vitest';
import { awakeRig } from '../testing/rig.ts';

describe('rails', () => {
  it('are on only when requested in a live presence', async () => {
    const robot = await awakeRig();
    expect(robot.last).toMatchObject({ cameraOn: true, microphoneOn: true });
    for (const presence of ['lost', 'asleep', 'updating', 'pairing'] as const) {
      robot.setDesired({ presence });
      await robot.clock.advance(60);
      expect(robot.body.cameraRail.on).toBe(false);
      expect(robot.body.microphoneRail.on).toBe(false);
    }
    robot.setDesired({ presence: 'listening' });
    await robot.clock.advance(60);
    expect(robot.body.cameraRail.on).toBe(true);
    robot.setDesired({ camera: false });
    await robot.clock.advance(60);
    expect(robot.body.cameraRail.on).toBe(false);
    expect(robot.body.microphoneRail.on).toBe(true);
  });

  it('that stay on are a fault until they switch off', async () => {
    const robot = await awakeRig();
    robot.body.cameraRail.stuckOn = true;
    robot.setDesired({ camera: false });
    await robot.clock.advance(500);
    expect(robot.last).toMatchObject({ cameraOn: true, faults: ['cameraRail'] });
    robot.body.cameraRail.stuckOn = false;
    await robot.clock.advance(500);
    expect(robot.last).toMatchObject({ cameraOn: false, faults: [] });
  });
});
