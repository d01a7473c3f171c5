import { HardwareFault } from '../../ports/fault.ts';
import type { VideoSize } from '../../ports/media.ts';

/** Where pictures come from, as a piece of a pipeline, and what is known of them beforehand. */
export interface CameraSource {
  /** For people: `camera (/dev/video0)`. */
  readonly name: string;
  /** Its device file, to find out who else holds it. */
  readonly file?: string;
  /** In gst-launch's words, from the source element to a caps filter that fixes the mode. */
  readonly words: readonly string[];
  readonly coding: 'raw' | 'jpeg';
  /** Undefined: only the pipeline will know. */
  readonly size: VideoSize | undefined;
  readonly fps: number | undefined;
}

/** Finds it for one attempt. Rejects with HardwareFault (or NotYet) when there is none. */
export type FindSource = (size: VideoSize, fps: number) => Promise<CameraSource>;

/** The device is not there now. While its power may be off that is no fault yet. */
export class NotThere extends HardwareFault {
  constructor(device: string, message: string) {
    super('noAnswer', device, message);
  }
}

/**
 * A camera behind libcamera (camera modules of single-board computers). Its pipeline scales to any
 * size and knows its own modes; the wanted one is asked for first, and any other is taken.
 */
export function libcameraSource(device: string, size: VideoSize, fps: number): CameraSource {
  const rate = `${Math.round(fps * 1_000)}/1000`;
  return {
    name: device === 'auto' ? 'camera (libcamera)' : `camera (${device})`,
    words: [
      'libcamerasrc',
      ...(device === 'auto' ? [] : [`camera-name=${device}`]),
      '!',
      `video/x-raw,width=${size.width},height=${size.height},framerate=${rate};video/x-raw`,
    ],
    coding: 'raw',
    size: undefined,
    fps: undefined,
  };
}
