import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { WorldClient } from './client.ts';
import { WorldRefusal, WorldUnreachable } from './schema.ts';
import { WorldServer } from './server.ts';
import { MAX_LINE_BYTES } from './wire.ts';
import { World } from './world.ts';

const clock = new SystemClock();
let folder: string;
let path: string;
let world: World;
let server: WorldServer;
const clients: WorldClient[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'world-'));
  path = join(folder, 'world.sock');
  world = new World({ clock, seed: 1 });
  world.start();
  server = await WorldServer.open(world, path);
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  world.stop();
  await server.close();
  await rm(folder, { recursive: true });
});

async function client(): Promise<WorldClient> {
  const made = new WorldClient(path, clock);
  clients.push(made);
  await made.firstState(5_000);
  return made;
}

async function rawSocket(): Promise<Socket> {
  const socket = createConnection(path);
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

describe('world over a socket', () => {
  it('tells a new client the state at once, before any beat', async () => {
    world.stop();
    expect((await client()).latest?.kind).toBe('world');
  });

  it('serves many clients; each sees what another did before its send resolves', async () => {
    const [one, two] = await Promise.all([client(), client()]);
    await one.send({ kind: 'switch', name: 'cameraRail', on: true });
    expect(one.latest?.cameraRail).toBe(true);
    await vi.waitFor(() => expect(two.latest?.cameraRail).toBe(true));
  });

  it('passes a refusal on', async () => {
    const port = await client();
    const impossible = port.send({ kind: 'pulses', panUs: 3000, tiltUs: 1500 });
    await expect(impossible).rejects.toThrow(WorldRefusal);
    expect(server.refused).toBe(1);
  });

  it('refuses garbage and counts it, and goes on for the same client', async () => {
    const socket = await rawSocket();
    const answers: string[] = [];
    socket.on('data', (chunk: Buffer) => answers.push(chunk.toString()));
    socket.write('garbage\n{"id":1}\n[]\n\n{"id":1,"command":{"kind":"release","x":1}}\n');
    socket.write(`${'x'.repeat(3 * MAX_LINE_BYTES)}\n`);
    socket.write(`${JSON.stringify({ id: 9, command: { kind: 'release' } })}\n`);
    await vi.waitFor(() => expect(answers.join('')).toContain('{"kind":"taken","id":9}'));
    expect(server.refused).toBe(6);
    socket.destroy();
  });

  it('survives any bytes', async () => {
    const socket = await rawSocket();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        socket.write(bytes);
        socket.write('\n');
      }),
      { numRuns: 200 },
    );
    await vi.waitFor(() => expect(server.refused).toBeGreaterThanOrEqual(200));
    socket.destroy();
    const port = await client();
    await port.send({ kind: 'release' });
  });

  it('is out of reach while the server is gone and comes back by itself', async () => {
    const port = await client();
    await server.close();
    await vi.waitFor(() => expect(port.latest).toBeUndefined());
    await expect(port.send({ kind: 'release' })).rejects.toThrow(WorldUnreachable);
    server = await WorldServer.open(world, path);
    await vi.waitFor(() => expect(port.latest).toBeDefined(), { timeout: 3_000 });
    await port.send({ kind: 'release' });
  });

  it('rejects what was under way when the connection breaks', async () => {
    const port = await client();
    const sending = port.send({ kind: 'release' });
    const closing = server.close();
    await Promise.allSettled([sending, closing]);
    const outcome = sending.then(
      () => 'taken',
      (error: unknown) => error instanceof WorldUnreachable,
    );
    expect(['taken', true]).toContain(await outcome);
    server = await WorldServer.open(world, path);
  });
});
