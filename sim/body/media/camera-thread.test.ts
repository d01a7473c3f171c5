/** The camera's own thread in real time, built as it is shipped. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../../hal/linux/time/system-clock.ts';
import { delay } from '../../../hal/ports/clock.ts';
import type { VideoFrame } from '../../../hal/ports/media.ts';
import { MemoryWorldPort } from '../../world/memory-port.ts';
import { World } from '../../world/world.ts';
import { SimulatedCamera } from './camera.ts';
import { ThreadFrames } from './camera-thread.ts';

const SMALL = { width: 320, height: 240 };
const PERIOD_MS = 1_000 / 30;
const clock = new SystemClock();
/** On a busy machine the thread may take long to paint its room. */
const PATIENCE_MS = 60_000;

interface Seen {
  readonly capturedAtMs: number;
  readonly arrivedMs: number;
  readonly bytes: number;
}

let folder = '';
let entry = '';
let world: World;
let port: MemoryWorldPort;
/** One thread for most tests: painting the room takes a while. */
let camera: SimulatedCamera;
const lines: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'camera-thread-'));
  entry = join(folder, 'camera-worker.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./camera-worker.ts', import.meta.url))],
    outfile: entry,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  world = new World({ clock, seed: 3 });
  world.start();
  port = new MemoryWorldPort(world);
  camera = openCamera(entry);
}, PATIENCE_MS);
afterAll(async () => {
  await camera.close();
  await port.close();
  world.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => world.apply({ kind: 'switch', name: 'cameraRail', on: true }));
afterEach(() => camera.stop());

function openCamera(module: string): SimulatedCamera {
  const frames = new ThreadFrames(pathToFileURL(module), port, clock, (line) => lines.push(line));
  return new SimulatedCamera(port, frames);
}

function notes(): { seen: Seen[]; onFrame: (frame: VideoFrame) => void } {
  const seen: Seen[] = [];
  const onFrame = ({ capturedAtMs, data }: VideoFrame): void => {
    seen.push({ capturedAtMs, arrivedMs: clock.now(), bytes: data.length });
  };
  return { seen, onFrame };
}

async function until(done: () => boolean, limitMs = 40_000): Promise<void> {
  const endMs = clock.now() + limitMs;
  while (!done()) {
    if (clock.now() > endMs) throw new Error(`not reached within ${limitMs} ms`);
    await delay(clock, 5);
  }
}

/** As a loop that is busy with something else. */
function block(ms: number): void {
  const endMs = clock.now() + ms;
  while (clock.now() < endMs);
}

describe('the camera in a thread', { timeout: PATIENCE_MS }, () => {
  it('gives pictures on an exact grid', async () => {
    const { seen, onFrame } = notes();
    await camera.start(SMALL, 30, onFrame);
    await until(() => seen.length >= 20);
    const first = seen[0]?.capturedAtMs ?? 0;
    for (const { capturedAtMs, bytes } of seen) {
      const periods = (capturedAtMs - first) / PERIOD_MS;
      expect(Math.abs(periods - Math.round(periods))).toBeLessThan(1e-3);
      expect(bytes).toBe((320 * 240 * 3) / 2);
    }
  });

  it('gives the newest picture after a pause of its owner, not the old ones in a row', async () => {
    const { seen, onFrame } = notes();
    await camera.start(SMALL, 30, onFrame);
    await until(() => seen.length >= 5);
    for (let round = 0; round < 3; round++) {
      const before = seen.length;
      block(400);
      const blockedUntil = clock.now();
      await until(() => seen.length >= before + 3);
      // All buffers were full within the first 100 ms of the pause: those pictures must not come.
      // One that is taken later may be drawn slowly on a busy machine.
      for (const { capturedAtMs } of seen.slice(before))
        expect(blockedUntil - capturedAtMs).toBeLessThan(250);
    }
  });

  it('has no picture while the rail is off', async () => {
    const { seen, onFrame } = notes();
    await camera.start(SMALL, 30, onFrame);
    await until(() => seen.length >= 5);
    world.apply({ kind: 'switch', name: 'cameraRail', on: false });
    const before = seen.length;
    await delay(clock, 200);
    expect(seen).toHaveLength(before);
    expect(camera.state).toBe('waiting');
    world.apply({ kind: 'switch', name: 'cameraRail', on: true });
    await until(() => seen.length >= before + 3);
    expect(camera.state).toBe('running');
  });

  it('changes the size without a picture of the old one', async () => {
    const { seen, onFrame } = notes();
    await camera.start(SMALL, 30, () => {});
    await delay(clock, 100);
    await camera.start({ width: 160, height: 120 }, 30, onFrame);
    await until(() => seen.length >= 5);
    for (const { bytes } of seen) expect(bytes).toBe((160 * 120 * 3) / 2);
  });

  it('starts its thread again when it fails, and says so', async () => {
    const flaky = join(folder, 'flaky.mjs');
    const flag = join(folder, 'failed-once');
    await writeFile(
      flaky,
      `import { existsSync, writeFileSync } from 'node:fs';
       if (!existsSync(${JSON.stringify(flag)})) {
         writeFileSync(${JSON.stringify(flag)}, '');
         throw new Error('no lens');
       }
       await import(${JSON.stringify(pathToFileURL(entry).href)});`,
    );
    const { seen, onFrame } = notes();
    const shaky = openCamera(flaky);
    const states: string[] = [];
    shaky.onState((state) => states.push(state));
    await shaky.start(SMALL, 30, onFrame);
    await until(() => seen.length >= 3);
    expect(lines.join()).toContain('no lens');
    expect(states).toEqual(['waiting', 'fault', 'running']);
    await shaky.close();
  });
});
