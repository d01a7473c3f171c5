import { watch } from 'node:fs';
import { openAbsentMedia } from '../../absent/media.ts';
import type { CameraWiring } from '../../boards/board.ts';
import type { Programs } from '../../bus/child.ts';
import type { DriverContext } from '../../ports/drivers.ts';
import type { Camera } from '../../ports/media.ts';
import { ChildPrograms } from '../gst/child-programs.ts';
import type { PipelineTimes } from '../gst/supervised.ts';
import { type FindSource, libcameraSource } from './camera-source.ts';

import { LinuxCamera } from './linux-camera.ts';
import { findV4l2Source } from './v4l2-source.ts';

/** What tests replace. */
export interface OpenCameraOptions {
  readonly programs?: Programs;
  readonly find?: FindSource;
  /** Where device files come and go. */
  readonly folder?: string;
  readonly times?: Partial<PipelineTimes>;
}

export type OpenedCamera = Camera & { close(): Promise<void> };

/** The camera of a board; `null`: the board has none. No camera is touched before `start`. */
export async function openCamera(
  wiring: CameraWiring | null,
  context: DriverContext,
  options: OpenCameraOptions = {},
): Promise<OpenedCamera> {
  if (!wiring) {
    const { camera } = openAbsentMedia();
    return Object.assign(camera, { close: () => camera.stop() });
  }
  const { folder = '/dev' } = options;
  const camera = new LinuxCamera({
    programs: options.programs ?? new ChildPrograms(context.clock),
    clock: context.clock,
    lens: wiring.lens,
    find: options.find ?? finder(wiring, folder),
    hasRail: Boolean(context.board.gpio?.lines.cameraRail),
    ...(options.times ? { times: options.times } : {}),
  });
  camera.onState((state, why) => {
    if (state === 'fault') context.logLine(why);
  });
  const unwatch = watchFolder(folder, () => camera.changed());
  return Object.assign(camera, {
    close: async () => {
      unwatch();
      await camera.stop();
    },
  });
}

function finder({ source, device }: CameraWiring, folder: string): FindSource {
  return source === 'libcamera'
    ? async (size, fps) => libcameraSource(device, size, fps)
    : (size, fps) => findV4l2Source(device, size, fps, { folder });
}

/** Tells when a video file appears, or when udev has given it to its group. */
function watchFolder(folder: string, changed: () => void): () => void {
  try {
    const watcher = watch(folder, { persistent: false }, (_, name) => {
      if (name?.startsWith('video')) changed();
    });
    // A folder that cannot be watched: the next attempt comes a little later.
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => {};
  }
}
