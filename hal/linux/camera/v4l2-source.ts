import { access, constants, readdir, realpath } from 'node:fs/promises';
import { codeOf } from '../../common/errors.ts';
import { HardwareFault } from '../../ports/fault.ts';
import type { VideoSize } from '../../ports/media.ts';
import { isCamera, kindOf, whyNoCamera } from './camera-kind.ts';
import { type CameraSource, NotThere } from './camera-source.ts';

import { type ChosenMode, chooseMode } from './choose-mode.ts';
import {
  type CameraDevice,
  type CameraMode,
  listWithV4l2Ctl,
  OLDEST_V4L_UTILS,
  parseDevice,
} from './v4l2-modes.ts';

interface V4l2Options {
  /** Prints a device as `v4l2-ctl --info --list-formats-ext` does. */
  readonly list?: (file: string) => Promise<string>;
  readonly folder?: string;
}

/** `device`: a device file, or `auto` for the first that captures. */
export async function findV4l2Source(
  device: string,
  size: VideoSize,
  fps: number,
  options: V4l2Options = {},
): Promise<CameraSource> {
  const { list = listWithV4l2Ctl, folder = '/dev' } = options;
  const look = async (file: string): Promise<Looked> => {
    await mayOpen(file);
    return { file, device: parseDevice(await list(file)) };
  };
  const { file, device: found } =
    device === 'auto' ? await findCamera(await videoFiles(folder), look) : await look(device);
  const mode = chooseMode(found.modes, size, fps);
  if (!mode) throw new HardwareFault('badData', `camera (${file})`, useless(found));
  const why = whyNoCamera(found);
  if (why !== undefined) throw new HardwareFault('badData', `camera (${file})`, why);
  return {
    name: `camera (${file})`,
    file: await realpath(file).catch(() => file),
    words: ['v4l2src', `device=${file}`, '!', capsOf(mode)],
    coding: mode.format === 'jpeg' ? 'jpeg' : 'raw',
    size: mode.size,
    fps: mode.fps,
  };
}

interface Looked {
  readonly file: string;
  readonly device: CameraDevice;
}

/** In the order of their numbers. */
async function videoFiles(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => []))
    .filter((name) => /^video\d+$/.test(name))
    .sort((a, b) => Number(a.slice(5)) - Number(b.slice(5)))
    .map((name) => `${folder}/${name}`);
}

/**
 * The first camera among files, one for faces in the dark only when there is no other. Webcams bring
 * a second file for metadata, and boards have codecs, image processors and receivers that look like
 * cameras: what a device says of itself decides, not its file's name. The doctor asks the same way.
 */
export async function findCamera(
  files: readonly string[],
  look: (file: string) => Promise<Looked>,
): Promise<Looked> {
  let fault: unknown;
  let infrared: Looked | undefined;
  let receiver: string | undefined;
  for (const file of files)
    try {
      const looked = await look(file);
      const kind = kindOf(looked.device);
      if (kind === 'receiver') receiver ??= looked.device.card;
      if (!isCamera(kind)) continue;
      const isUsable = looked.device.modes.some(usable);
      if (isUsable && kind === 'camera') return looked;
      if (isUsable) infrared ??= looked;
      else fault ??= new HardwareFault('badData', `camera (${file})`, useless(looked.device));
    } catch (error) {
      fault ??= error;
    }
  if (infrared) return infrared;
  throw fault ?? new NotThere('camera', nothing(receiver));
}

function nothing(receiver: string | undefined): string {
  const module = `; ${receiver} is for camera modules, with the source "libcamera"`;
  return `no /dev/video file captures; plug one in${receiver === undefined ? '' : module}`;
}

function usable(mode: CameraMode): boolean {
  return chooseMode([mode], mode.largest, 1) !== undefined;
}

async function mayOpen(file: string): Promise<void> {
  const code = await access(file, constants.R_OK | constants.W_OK).then(
    () => undefined,
    (error: unknown) => codeOf(error) ?? 'unknown',
  );
  if (code === undefined) return;
  const name = `camera (${file})`;
  if (code === 'EACCES' || code === 'EPERM')
    throw new HardwareFault(
      'notPermitted',
      name,
      'this user may not open it; add the user to the group "video", then log in or start the service again',
    );
  throw new NotThere(name, 'is not there; check its cable and its power');
}

export function useless({ card, modes, unreadable }: CameraDevice): string {
  if (unreadable && modes.length === 0)
    return `what ${card} can do is listed by a v4l2-ctl that is too old; install v4l-utils ${OLDEST_V4L_UTILS} or newer`;
  const formats = [...new Set(modes.map((mode) => mode.fourcc))];
  if (formats.length === 0) return `${card} gives no pictures; name another device`;
  const bayer = formats.some((format) => /^(BA|GB|GR|RG|BG|pB|pG|pR|Y1)/.test(format));
  return `${card} gives only ${formats.join(', ')}, expected raw pictures or MJPEG; ${
    bayer ? 'set the source of the camera to "libcamera"' : 'use another camera'
  }`;
}

/**
 * A rate of the list is asked for as a narrow range, because 29.97 is 30000/1001 to one driver and
 * 2997/100 to another.
 */
function capsOf({ format, size, fps, anyRate }: ChosenMode): string {
  const kind = format === 'jpeg' ? 'image/jpeg' : `video/x-raw,format=${format}`;
  const caps = `${kind},width=${size.width},height=${size.height}`;
  if (fps === undefined) return caps;
  const per1000 = (factor: number): number => Math.round(fps * factor * 1_000);
  if (anyRate) return `${caps},framerate=${per1000(1)}/1000`;
  return `${caps},framerate=[${per1000(0.998)}/1000,${per1000(1.002)}/1000]`;
}
