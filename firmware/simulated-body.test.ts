/** Firmware on the simulator's physical body: the head's true motion, not its command. */
import { describe, expect, it } from 'vitest';
import { deskmate1 } from '../hal/boards/deskmate1.ts';
import { silentLog } from '../hal/ports/log.ts';
import { openSimulatedBody } from '../sim/body/open-body.ts';
import { SimClock } from '../sim/time/sim-clock.ts';
import { referenceCalibration } from '../sim/world/geometry.ts';
import { MemoryWorldPort } from '../sim/world/memory-port.ts';
import { World } from '../sim/world/world.ts';
import { Firmware } from './firmware.ts';
import { TestAgent } from './testing/rig.ts';

async function wake() {
  const clock = new SimClock();
  const world = new World({ clock, seed: 7 });
  world.start();
  const hardware = openSimulatedBody({
    world: new MemoryWorldPort(world),
    clock,
    logLine: () => {},
  });
  const calibration = referenceCalibration;
  const firmware = new Firmware({ hardware, board: deskmate1, calibration, clock, log: silentLog });
  await firmware.start();
  const agent = new TestAgent(firmware, clock);
  agent.connect();
  await clock.advance(3_000);
  return { clock, world, agent };
}

describe('firmware on the simulated body', () => {
  it('wakes and turns where it should, without a fault', async () => {
    const { clock, world, agent } = await wake();
    expect(agent.last).toMatchObject({ motion: 'holding', faults: [], cameraOn: true });
    for (const [pan, tilt] of [
      [90, 20],
      [-170, -20],
      [170, 30],
      [0, 0],
    ] as const) {
      agent.send({ kind: 'look', pan, tilt });
      await clock.advance(3_000);
      const truth = world.snapshot();
      expect(Math.abs(truth.pan.deg - pan)).toBeLessThan(1.5);
      expect(Math.abs(truth.tilt.deg - tilt)).toBeLessThan(1.5);
      expect(agent.last).toMatchObject({ motion: 'holding', faults: [] });
    }
  });

  it('has stopped 500 ms after the last message of the agent', async () => {
    const { clock, world, agent } = await wake();
    for (const turnMs of [300, 420, 560, 700]) {
      agent.send({ kind: 'look', pan: -150, tilt: 0 });
      await clock.advance(3_000);
      agent.send({ kind: 'look', pan: 150, tilt: 25 });
      await clock.advance(turnMs);
      expect(Math.abs(world.snapshot().pan.degPerS)).toBeGreaterThan(50);
    }
    agent.fallSilent();
    await clock.advance(500);
    expect(Math.abs(world.snapshot().pan.degPerS)).toBeLessThan(2);
    expect(world.snapshot()).toMatchObject({ cameraRail: false, microphoneRail: false });
    expect(agent.last.cameraOn).toBe(false);
  });

  it('detects a jam, a lost encoder and a hand, and recovers from each', async () => {
    const { clock, world, agent } = await wake();
    world.apply({ kind: 'fault', name: 'panStall', on: true });
    agent.send({ kind: 'look', pan: 60 });
    await clock.advance(1_500);
    expect(agent.last.faults).toEqual(['panStall']);
    world.apply({ kind: 'fault', name: 'panStall', on: false });
    await clock.advance(6_000);
    expect(agent.last).toMatchObject({ motion: 'holding', faults: [] });

    world.apply({ kind: 'fault', name: 'tiltEncoderLost', on: true });
    await clock.advance(500);
    expect(agent.last).toMatchObject({ motion: 'off', faults: ['tiltEncoder'] });
    world.apply({ kind: 'fault', name: 'tiltEncoderLost', on: false });
    await clock.advance(1_500);
    expect(agent.last).toMatchObject({ motion: 'holding', faults: [] });

    world.apply({ kind: 'pushHead', panDeg: -40, forMs: 800 });
    await clock.advance(500);
    expect(agent.last.motion).toBe('handTurned');
    await clock.advance(3_000);
    expect(agent.last).toMatchObject({ motion: 'holding', faults: [] });
    expect(Math.abs(world.snapshot().pan.deg - agent.last.pan.targetDeg)).toBeLessThan(2);
  });

  it('continues with a bus that loses a third of all calls, and reports it', async () => {
    const { clock, world, agent } = await wake();
    world.apply({ kind: 'fault', name: 'i2cErrors', on: true });
    const seen = new Set<string>();
    for (let i = 0; i < 40; i++) {
      agent.send({ kind: 'look', pan: i % 2 ? 80 : -80 });
      await clock.advance(500);
      for (const fault of agent.last.faults) seen.add(fault);
    }
    expect(seen.has('servoDriver')).toBe(true);
    world.apply({ kind: 'fault', name: 'i2cErrors', on: false });
    agent.send({ kind: 'look', pan: 30 });
    await clock.advance(6_000);
    expect(agent.last.faults).toEqual([]);
  });
});
