/** A camera and its process in trouble, on real processes. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deskmate1 } from '../../boards/deskmate1.ts';
import type { Programs } from '../../bus/child.ts';
import { PICTURES, whyNoGstreamer } from '../gst/testing/has-gstreamer.ts';
import { type CameraSource, NotThere } from './camera-source.ts';

import { openRealCamera } from './testing/real-camera.ts';
import { PluggableSource, testSource } from './testing/test-source.ts';

const missing = whyNoGstreamer(PICTURES);
const small = { width: 320, height: 240 };
const times = { first: 3_000, next: 300, again: 600, grace: 300 };

/** The camera's process is there, but no picture comes out of it. */
function silent(source: CameraSource): CameraSource {
  return { ...source, words: [...source.words, '!', 'valve', 'drop=true'] };
}

/** In place of the pipeline, a program that writes this to its fd 3. */
const writes =
  (script: string) =>
  (real: Programs): Programs => ({
    start: (plan) => real.start({ ...plan, command: 'sh', args: ['-c', script] }),
  });

describe.skipIf(missing)(`a camera in trouble ${missing ?? ''}`, () => {
  it('comes back when its process is killed', async () => {
    const source = new PluggableSource();
    const it = await openRealCamera({ find: source.find, programs: (real) => source.over(real) });
    await it.start(small, 30);
    await it.frames(3);
    process.kill(source.pid ?? 0, 'SIGKILL');
    await it.until(() => it.camera.state === 'fault');
    expect(it.said).toEqual([
      'camera (test): the pipeline was ended by SIGKILL; it is tried again',
    ]);
    await it.frames(3);
    expect(it.camera.state).toBe('running');
    await it.camera.close();
  });

  it('that was pulled out is told so, whatever its pipeline says, and waits where it has a switch', async () => {
    for (const [board, state] of [
      [undefined, 'fault'],
      [deskmate1, 'waiting'],
    ] as const) {
      const folder = await mkdtemp(join(tmpdir(), 'deskmate-video-'));
      const file = join(folder, 'video0');
      await writeFile(file, '');
      const source = new PluggableSource();
      const it = await openRealCamera({
        find: async (...asked) => ({ ...(await source.find(...asked)), file }),
        programs: (real) => source.over(real),
        ...(board ? { board } : {}),
      });
      await it.start(small, 30);
      await it.frames(3);
      await rm(folder, { recursive: true });
      source.plug(false);
      await it.until(() => it.camera.state !== 'running');
      expect(it.camera.state).toBe(state);
      expect(it.said).toEqual(
        board ? [] : ['camera (test): was unplugged or lost its power; check its cable'],
      );
      await it.camera.close();
    }
  });

  it('waits for a process that hangs, then replaces it, the last way', async () => {
    const source = new PluggableSource();
    const it = await openRealCamera({
      find: source.find,
      programs: (real) => source.over(real),
      board: deskmate1,
      times,
    });
    await it.start(small, 30);
    await it.frames(3);
    const hung = source.pid;
    process.kill(hung ?? 0, 'SIGSTOP');
    await it.until(() => it.camera.state === 'waiting');
    await it.until(() => it.camera.state === 'running');
    expect(source.pid).not.toBe(hung);
    expect(it.told.map(({ state }) => state)).toEqual(['waiting', 'running', 'waiting', 'running']);
    await it.camera.close();
    expect(it.camera.state).toBe('idle');
  });

  it('that gives nothing waits while its power may be off, and is at fault where it has no switch', async () => {
    for (const [board, state] of [
      [deskmate1, 'waiting'],
      [undefined, 'fault'],
    ] as const) {
      let attempts = 0;
      const it = await openRealCamera({
        find: async (...asked) => {
          attempts += 1;
          return silent(testSource(...asked));
        },
        times: { ...times, first: 400 },
        ...(board ? { board } : {}),
      });
      await it.start(small, 30);
      await it.until(() => attempts >= 2);
      expect(it.camera.state).toBe(state);
      if (state === 'fault')
        expect(it.told.at(-1)?.why).toBe(
          'camera (test): is there but gives no pictures; unplug it and plug it in again',
        );
      await it.camera.close();
    }
  });

  it('that is away waits for its rail for a while, then says that it is not there', async () => {
    const it = await openRealCamera({
      find: async () => {
        throw new NotThere('camera (/dev/video0)', 'is not there; check its cable and its power');
      },
      board: deskmate1,
    });
    await it.start(small, 30);
    await it.until(() => it.clock.now() > 0 && it.told.length > 0);
    expect(it.camera.state).toBe('waiting');
    await it.until(() => it.camera.state === 'fault', 12_000);
    expect(it.said).toEqual(['camera (/dev/video0): is not there; check its cable and its power']);
    await it.camera.close();
  });

  it('says in one line that what comes is no picture', async () => {
    const it = await openRealCamera({
      find: async (...asked) => testSource(...asked),
      programs: writes('head -c 100000 /dev/zero >&3; sleep 30'),
      times,
    });
    await it.start(small, 30);
    await it.until(() => it.camera.state === 'fault');
    expect(it.said).toEqual([
      'camera (test): gave bytes that are no frame (version 0, type 0); it is started again',
    ]);
    expect(it.seen).toHaveLength(0);
    await it.camera.close();
  });

  it.each([
    ['an element', ['no-such-element'], /no element "no-such-element"; install it: apt install/],
    [
      'a device',
      ['v4l2src', 'device=/dev/video99'],
      /^camera \(test\): is not there; check its cable and its power$/,
    ],
    ['a mode', ['videotestsrc', '!', 'video/x-raw,format=NOPE'], /offers nothing that can be used/],
  ])('says in one line that %s is missing', async (_, words, why) => {
    const it = await openRealCamera({
      find: async (...asked) => ({ ...testSource(...asked), words }),
    });
    await it.start(small, 30);
    await it.until(() => it.camera.state === 'fault');
    expect(it.said).toHaveLength(1);
    expect(it.said[0]).toMatch(why);
    await it.camera.close();
  });

  it('is started, changed and stopped in any order and haste; no process is left', async () => {
    const source = new PluggableSource();
    let alive = 0;
    const it = await openRealCamera({
      find: source.find,
      programs: (real) => ({
        start: async (plan) => {
          const child = await real.start(plan);
          alive += 1;
          expect(alive).toBe(1);
          void child.ended.then(() => {
            alive -= 1;
          });
          return child;
        },
      }),
    });
    for (const wait of [0, 1, 5, 20, 60, 150, 0, 0]) {
      await it.start(small, 30);
      const from = it.clock.now();
      await it.until(() => it.clock.now() - from >= wait);
      if (wait % 2 === 0) void it.camera.stop();
    }
    await it.start({ width: 640, height: 480 }, 30);
    const frames = await it.frames(3);
    expect(frames.every((frame) => frame.width === 640)).toBe(true);
    await it.camera.close();
    await it.until(() => alive === 0);
  });
});
