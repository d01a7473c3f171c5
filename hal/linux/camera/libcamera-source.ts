import type { VideoSize } from '../../ports/media.ts';
import type { CameraSource } from './camera-source.ts';

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
