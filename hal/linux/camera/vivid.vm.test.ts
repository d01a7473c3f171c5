/**
 * The promises of the camera port on a real kernel: V4L2 by the driver `vivid`, which is found as
 * any webcam is, and pulled out by unbinding its driver.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { laptop } from '../../boards/laptop.ts';
import { type CameraBench, cameraContract } from '../../contract/camera.ts';
import { delay } from '../../ports/clock.ts';
import type { Camera } from '../../ports/media.ts';
import { SystemClock } from '../time/system-clock.ts';
import { openCamera } from './open-camera.ts';

/** An emulated processor is so many times slower than a robot's. */
const slowness = Number(process.env.VM_SLOWNESS ?? 1);
const DRIVER = '/sys/bus/platform/drivers/vivid';

/**
 * The camera, seen by someone who lives as many times slower as the machine is: frames of 30/s come
 * at the rate that the machine can do, and a second of the promises is so many of ours.
 */
function slowed(camera: Camera): Camera {
  return {
    present: camera.present,
    intrinsics: camera.intrinsics,
    get state() {
      return camera.state;
    },
    onState: (listener) => camera.onState(listener),
    start: (size, fps, onFrame) =>
      camera.start(size, fps / slowness, (frame) =>
        onFrame({ ...frame, capturedAtMs: frame.capturedAtMs / slowness }),
      ),
    stop: () => camera.stop(),
  };
}

cameraContract('Linux kernel, vivid', async (): Promise<CameraBench> => {
  const clock = new SystemClock();
  const camera = await openCamera(
    laptop.camera,
    { clock, board: laptop, logLine: (line) => process.stderr.write(`${line}\n`) },
    { times: { first: 8_000 * slowness, next: 500 * slowness, again: 2_500 * slowness } },
  );
  const inserted = () => readdirSync(DRIVER).includes('vivid.0');
  const plug = async (wanted: boolean): Promise<void> => {
    if (inserted() !== wanted) writeFileSync(`${DRIVER}/${wanted ? 'bind' : 'unbind'}`, 'vivid.0');
  };
  await plug(true);
  return {
    camera: slowed(camera),
    // By the clock on the wall, however slow its owner lives.
    startMs: 1_800 / slowness,
    now: () => clock.now() / slowness,
    pass: (ms) => delay(clock, ms * slowness),
    plug,
    close: () => camera.close(),
  };
});
