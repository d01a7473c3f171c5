import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deskmate1 } from '../../hal/boards/deskmate1.ts';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { WorldServer } from '../world/server.ts';
import { World } from '../world/world.ts';
import { openBody } from './driver-module.ts';

const context = { clock: new SystemClock(), board: deskmate1, logLine: () => {} };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drivers-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe('driver module of the simulator', () => {
  it('says what to do when it is not told where the world is', async () => {
    vi.stubEnv('DESKMATE_WORLD', undefined);
    await expect(openBody(context)).rejects.toThrow(/DESKMATE_WORLD.*make sim/);
  });

  it('opens a body on the world of the socket and leaves it safe', async () => {
    const path = join(folder, 'world.sock');
    const world = new World({ clock: context.clock, seed: 1 });
    world.start();
    const server = await WorldServer.open(world, path);
    vi.stubEnv('DESKMATE_WORLD', path);
    const body = await openBody(context);
    await body.cameraRail.set(true);
    expect(await body.cameraRail.read()).toBe(true);
    await body.servos.setPulses(1500, 1500);
    expect(world.snapshot()).toMatchObject({ servosOn: true, cameraRail: true });
    expect((await body.panEncoder.read()).magnet).toBe('ok');
    await body.close();
    expect(world.snapshot()).toMatchObject({ servosOn: false, cameraRail: false });
    world.stop();
    await server.close();
  });
});
