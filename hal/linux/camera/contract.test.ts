/** The promises of the camera port, kept by real pipelines that are fed with test pictures. */
import { describe, it } from 'vitest';
import { laptop } from '../../boards/laptop.ts';
import { type CameraBench, cameraContract } from '../../contract/camera.ts';
import { delay } from '../../ports/clock.ts';
import { ChildPrograms } from '../gst/child-programs.ts';
import { SystemClock } from '../system-clock.ts';
import { openCamera } from './open-camera.ts';
import { whyNoGstreamer } from './testing/has-gstreamer.ts';
import { PluggableSource, type TestSourceOptions } from './testing/test-source.ts';

const missing = whyNoGstreamer();
if (missing !== undefined) describe.skip(`camera: ${missing}`, () => it('is skipped', () => {}));

async function bench(options: TestSourceOptions): Promise<CameraBench> {
  const clock = new SystemClock();
  const source = new PluggableSource(options);
  const camera = await openCamera(
    laptop.camera,
    { clock, board: laptop, say: () => {} },
    { find: source.find, programs: source.over(new ChildPrograms(clock)) },
  );
  return {
    camera,
    startMs: 1_000,
    pass: (ms) => delay(clock, ms),
    now: () => clock.now(),
    plug: async (inserted) => source.plug(inserted),
    close: () => camera.close(),
  };
}

if (missing === undefined) {
  cameraContract('GStreamer, raw pictures', () => bench({ coding: 'raw' }));
  cameraContract('GStreamer, MJPEG', () => bench({ coding: 'jpeg', pattern: 'smpte' }));
}
