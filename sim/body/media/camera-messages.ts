/** What the camera's thread and its owner say to each other. Buffers are handed over, not copied. */
import type { VideoSize } from '../../../hal/ports/media.ts';

export interface CameraThreadData {
  readonly memory: SharedArrayBuffer;
}

export type ToCameraThread =
  /** `run` numbers the starts, so that pictures of an older run can be told. */
  | { readonly kind: 'start'; readonly run: number; readonly size: VideoSize; readonly fps: number }
  | { readonly kind: 'stop' }
  /** A buffer that may be drawn into. */
  | { readonly kind: 'buffer'; readonly run: number; readonly buffer: ArrayBuffer };

export interface FromCameraThread {
  readonly kind: 'frame';
  readonly run: number;
  readonly buffer: ArrayBuffer;
  readonly capturedAtMs: number;
  /** When it was ready, to see how long it waited for its owner. */
  readonly drawnAtMs: number;
}
