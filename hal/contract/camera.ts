import { expect, it } from 'vitest';
import type { Camera, MediaState, VideoFrame, VideoSize } from '../ports/media.ts';
import { contract, rejects } from './bench.ts';
import { comesBack, expectDated, idleUntilStarted, type MediaBench } from './media.ts';

export interface CameraBench extends MediaBench {
  readonly camera: Camera;
  /** Switches the camera's power, where it has a rail. The bench begins with power on. */
  power?(on: boolean): Promise<void>;
}

const SMALL: VideoSize = { width: 640, height: 480 };
const LARGE: VideoSize = { width: 1280, height: 720 };
const FPS = 30;

interface Seen extends VideoSize {
  readonly bytes: number;
  readonly capturedAtMs: number;
  readonly arrivedMs: number;
}

/** Notes what comes; the frame itself is the driver's again on return. */
function notes(bench: CameraBench): { seen: Seen[]; onFrame: (frame: VideoFrame) => void } {
  const seen: Seen[] = [];
  const onFrame = ({ width, height, data, capturedAtMs }: VideoFrame): void => {
    seen.push({ width, height, bytes: data.length, capturedAtMs, arrivedMs: bench.now() });
  };
  return { seen, onFrame };
}

/** The promises of the Camera port. */
export const cameraContract = contract<CameraBench>('camera', (bench) => {
  it(
    'is idle until started and stops when it was never started, and twice',
    bench((it) => idleUntilStarted(it, it.camera)),
  );

  it(
    'has a lens that can be',
    bench(async ({ camera }) => {
      const { fx, fy, cx, k1, k2 } = camera.intrinsics;
      for (const value of [fx, fy, cx, k1, k2]) expect(Number.isFinite(value)).toBe(true);
      expect(Math.min(fx, fy)).toBeGreaterThan(0.1);
      expect(Math.abs(cx - 0.5)).toBeLessThan(0.2);
      for (const size of [SMALL, LARGE]) {
        const middle = size.height / size.width / 2;
        expect(Math.abs(camera.intrinsics.cy(size) - middle)).toBeLessThan(0.2);
      }
    }),
  );

  it(
    'refuses a picture that cannot be',
    bench(async (it) => {
      const sizes = [
        { width: 641, height: 480 },
        { width: 640, height: 0 },
        { width: Number.NaN, height: 480 },
      ];
      for (const size of sizes)
        await rejects(
          it,
          it.camera.start(size, FPS, () => {}),
          'badData',
        );
      await rejects(
        it,
        it.camera.start(SMALL, 0, () => {}),
        'badData',
      );
      expect(it.camera.state).toBe('idle');
    }),
  );

  it(
    'tells its states to whom listens, and only as long',
    bench(async (it) => {
      const states: MediaState[] = [];
      const end = it.camera.onState((state) => states.push(state));
      await it.camera.start(SMALL, FPS, () => {});
      await it.pass(it.startMs + 100);
      expect(it.camera.state).toBe(it.camera.present ? 'running' : 'waiting');
      expect(states.at(-1)).toBe(it.camera.state);
      await it.camera.stop();
      expect(it.camera.state).toBe('idle');
      expect(states.at(-1)).toBe('idle');
      end();
      const told = states.length;
      await it.camera.start(SMALL, FPS, () => {});
      await it.pass(it.startMs);
      expect(states).toHaveLength(told);
    }),
  );

  it(
    'gives frames of the asked size and rate, dated in order and just now',
    bench(async (it) => {
      const { seen, onFrame } = notes(it);
      await it.camera.start(SMALL, FPS, onFrame);
      await it.pass(it.startMs);
      const before = seen.length;
      await it.pass(1_000);
      if (!it.camera.present) {
        expect(seen).toHaveLength(0);
        return;
      }
      // A frame may be dropped on a busy machine, never doubled.
      expect(seen.length - before).toBeGreaterThan(FPS * 0.6);
      expect(seen.length - before).toBeLessThanOrEqual(FPS + 2);
      for (const frame of seen)
        expect(frame).toMatchObject({ ...SMALL, bytes: (640 * 480 * 3) / 2 });
      expectDated(seen, 200);
    }),
  );

  it(
    'changes the size while it runs: no frame of the old size afterwards',
    bench(async (it) => {
      const old = notes(it);
      const fresh = notes(it);
      await it.camera.start(SMALL, FPS, old.onFrame);
      await it.pass(it.startMs + 100);
      await it.camera.start(LARGE, FPS, fresh.onFrame);
      const before = old.seen.length;
      await it.pass(it.startMs + 200);
      expect(old.seen).toHaveLength(before);
      if (it.camera.present) expect(fresh.seen.length).toBeGreaterThan(0);
      for (const frame of fresh.seen)
        expect(frame).toMatchObject({ ...LARGE, bytes: (1280 * 720 * 3) / 2 });
    }),
  );

  it(
    'gives nothing after stop and starts again',
    bench(async (it) => {
      const { seen, onFrame } = notes(it);
      await it.camera.start(SMALL, FPS, onFrame);
      await it.pass(it.startMs + 100);
      await it.camera.stop();
      const before = seen.length;
      await it.pass(300);
      expect(seen).toHaveLength(before);
      await it.camera.start(SMALL, FPS, onFrame);
      await it.pass(it.startMs + 100);
      if (it.camera.present) expect(seen.length).toBeGreaterThan(before);
    }),
  );

  it(
    'gives no frame without power, waits, and goes on when power is back',
    bench(async (it) => {
      if (!it.power) return;
      const { seen, onFrame } = notes(it);
      await it.power(false);
      await it.camera.start(SMALL, FPS, onFrame);
      await it.pass(500);
      expect(seen).toHaveLength(0);
      expect(it.camera.state).not.toBe('running');
      await it.power(true);
      await it.pass(it.startMs + 200);
      expect(seen.length).toBeGreaterThan(0);
      expect(it.camera.state).toBe('running');
      await it.power(false);
      await it.pass(200);
      const before = seen.length;
      await it.pass(500);
      expect(seen).toHaveLength(before);
      expect(it.camera.state).not.toBe('running');
    }),
  );

  it(
    'says why when it is unplugged, and comes back by itself',
    bench(async (it) => {
      if (!it.plug) return;
      const { seen, onFrame } = notes(it);
      let before = 0;
      await comesBack(
        it,
        it.camera,
        () => it.camera.start(SMALL, FPS, onFrame),
        (ms) => {
          before = seen.length;
          return it.pass(ms);
        },
      );
      expect(seen.length).toBeGreaterThan(before);
    }),
  );
});
