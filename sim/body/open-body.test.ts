import { beforeEach, describe, expect, it } from 'vitest';
import type { BodyHardware } from '../../hal/ports/body.ts';
import { HardwareFault } from '../../hal/ports/fault.ts';
import { SimClock } from '../time/sim-clock.ts';
import { MemoryWorldPort } from '../world/memory-port.ts';
import type { WorldPort } from '../world/schema.ts';
import { World } from '../world/world.ts';
import { CALL_MS } from './bus.ts';
import { openSimulatedBody } from './open-body.ts';

let clock: SimClock;
let world: World;
let port: MemoryWorldPort;
let said: string[];
beforeEach(() => {
  clock = new SimClock();
  world = new World({ clock, seed: 1 });
  world.start();
  port = new MemoryWorldPort(world);
  said = [];
});

const open = (through: WorldPort = port): BodyHardware =>
  openSimulatedBody({ world: through, clock, logLine: (line) => said.push(line), seed: 3 });

async function kindOf(call: Promise<unknown>): Promise<string> {
  const ended = call.then(
    () => 'done',
    (error: unknown) => (error instanceof HardwareFault ? error.kind : 'not a fault'),
  );
  await clock.advance(CALL_MS + 5);
  return ended;
}

describe('simulated body', () => {
  it('has rails and torque off when opened, whatever ran before', async () => {
    world.apply({ kind: 'pulses', panUs: 1500, tiltUs: 1500 });
    world.apply({ kind: 'switch', name: 'cameraRail', on: true });
    world.apply({ kind: 'lights', ring: [1, 0, 0], hand: 1 });
    open();
    expect(world.snapshot()).toMatchObject({
      servosOn: false,
      cameraRail: false,
      ring: [0, 0, 0],
      hand: 0,
    });
    await clock.advance(10);
    expect(said).toEqual([]);
  });

  it('opens without a world and says so; its devices answer once it is there', async () => {
    port.setReachable(false);
    const body = open();
    await clock.advance(10);
    expect(said.length).toBeGreaterThan(0);
    expect(await kindOf(body.panEncoder.read())).toBe('noAnswer');
    port.setReachable(true);
    expect(await kindOf(body.panEncoder.read())).toBe('done');
  });

  it('fails on I2C as the fault says, and only there: rails and release still work', async () => {
    const body = open();
    world.apply({ kind: 'fault', name: 'i2cErrors', on: true });
    const kinds: Record<string, number> = {};
    for (let i = 0; i < 400; i++) {
      const kind = await kindOf(
        i % 2 === 0 ? body.panEncoder.read() : body.servos.setPulses(1500, 1500),
      );
      kinds[kind] = (kinds[kind] ?? 0) + 1;
    }
    expect(Object.keys(kinds).sort()).toEqual(['done', 'noAnswer', 'timeout']);
    expect(kinds.noAnswer).toBeGreaterThan(60);
    expect(kinds.timeout).toBeGreaterThan(5);
    expect(kinds.done).toBeGreaterThan(200);
    for (let i = 0; i < 50; i++) {
      expect(await kindOf(body.servos.release())).toBe('done');
      expect(await kindOf(body.cameraRail.set(i % 2 === 0))).toBe('done');
      expect(await kindOf(body.battery.read())).toBe('done');
    }
    world.apply({ kind: 'fault', name: 'i2cErrors', on: false });
    for (let i = 0; i < 50; i++) expect(await kindOf(body.panEncoder.read())).toBe('done');
  });

  it('rejects with a timeout when the world does not take a call', async () => {
    const deaf: WorldPort = {
      latest: world.snapshot(),
      onState: () => () => {},
      send: () => new Promise(() => {}),
      close: async () => {},
    };
    const body = open(deaf);
    expect(await kindOf(body.lights.off())).toBe('timeout');
    await clock.advance(1_000);
    // The world has been silent for a second: its last report is stale.
    expect(await kindOf(body.panEncoder.read())).toBe('timeout');
  });

  it("reads the kernel's units: whole percents, and full when the charger is done", async () => {
    const body = open();
    expect((await body.battery.read()).percent).toBe(92);
    world.apply({ kind: 'charger', plugged: true });
    await clock.advance(60_000 * 45);
    expect(await body.battery.read()).toMatchObject({ percent: 100, status: 'full' });
  });
});
