/** The promises of the camera port, kept by real pipelines that are fed with test pictures. */
import { describe } from 'vitest';
import { laptop } from '../../boards/laptop.ts';
import { type CameraBench, cameraContract } from '../../contract/camera.ts';
import { delay } from '../../ports/clock.ts';
import { ChildPrograms } from '../gst/child-programs.ts';
import { PICTURES, whyNoGstreamer } from '../gst/testing/has-gstreamer.ts';
import { SystemClock } from '../time/system-clock.ts';
import { openCamera } from './open-camera.ts';
import { PluggableSource, type TestSourceOptions } from './testing/test-source.ts';

async function bench(options: TestSourceOptions): Promise<CameraBench> {
  const clock = new SystemClock();
  const source = new PluggableSource(options);
  const camera = await openCamera(
    laptop.camera,
    { clock, board: laptop, logLine: () => {} },
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

const missing = whyNoGstreamer(PICTURES);
describe.skipIf(missing)(missing ?? 'GStreamer is there', () => {
  cameraContract('GStreamer, raw pictures', () => bench({ coding: 'raw' }));
  cameraContract('GStreamer, MJPEG', () => bench({ coding: 'jpeg', pattern: 'smpte' }));
});
