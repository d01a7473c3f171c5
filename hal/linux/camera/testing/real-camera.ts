import type { Board } from '../../../boards/board.ts';
import { laptop } from '../../../boards/laptop.ts';
import type { Programs } from '../../../bus/child.ts';
import { delay } from '../../../ports/clock.ts';
import type { MediaState, VideoSize } from '../../../ports/media.ts';
import { ChildPrograms } from '../../gst/child-programs.ts';
import type { PipelineTimes } from '../../gst/supervised.ts';
import { SystemClock } from '../../time/system-clock.ts';
import type { FindSource } from '../camera-source.ts';
import { openCamera } from '../open-camera.ts';

/** A frame as it was seen; the picture is a copy. */
export interface SeenFrame extends VideoSize {
  readonly picture: Uint8ClampedArray;
  readonly capturedAtMs: number;
  readonly arrivedMs: number;
}

interface RealCameraOptions {
  readonly find: FindSource;
  readonly programs?: (real: Programs) => Programs;
  readonly board?: Board;
  readonly times?: Partial<PipelineTimes>;
}

/** A camera on real processes and real time, with all that it gave and told. */
export async function openRealCamera(options: RealCameraOptions) {
  const clock = new SystemClock();
  const { board = laptop, find, times } = options;
  const real = new ChildPrograms(clock);
  const said: string[] = [];
  const camera = await openCamera(
    laptop.camera,
    { clock, board, logLine: (line) => said.push(line) },
    { find, programs: options.programs?.(real) ?? real, ...(times ? { times } : {}) },
  );
  const told: { state: MediaState; why: string }[] = [];
  camera.onState((state, why) => told.push({ state, why }));
  const seen: SeenFrame[] = [];
  const start = (size: VideoSize, fps: number, onFrame: () => void = () => {}) =>
    camera.start(size, fps, ({ data, width, height, capturedAtMs }) => {
      const picture = data.slice();
      seen.push({ width, height, picture, capturedAtMs, arrivedMs: clock.now() });
      onFrame();
    });
  const until = async (done: () => boolean, limitMs = 8_000): Promise<void> => {
    const endMs = clock.now() + limitMs;
    while (!done()) {
      if (clock.now() > endMs) throw new Error(`not reached within ${limitMs} ms`);
      await delay(clock, 10);
    }
  };
  const frames = async (more: number): Promise<readonly SeenFrame[]> => {
    const from = seen.length;
    await until(() => seen.length >= from + more);
    return seen.slice(from);
  };
  return { camera, clock, said, told, seen, start, until, frames };
}
