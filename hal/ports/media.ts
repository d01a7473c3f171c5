/**
 * Camera, microphone and speaker for the agent. Real-time paths: the latest data wins, and drivers
 * queue no more than is stated here.
 */

export interface VideoSize {
  /** Pixels, even. */
  readonly width: number;
  /** Pixels, even. */
  readonly height: number;
}

/** One I420 frame (Y plane, then U and V at half size), BT.601 limited range. */
export interface VideoFrame extends VideoSize {
  /**
   * width * height * 3 / 2 bytes. Valid until the listener returns; the driver reuses the memory.
   */
  readonly data: Uint8ClampedArray;
  /** Middle of the exposure, monotonic milliseconds (Clock.now). */
  readonly capturedAtMs: number;
}

/** State of a camera, microphone or speaker; changes are reported to `onState`. */
export type MediaState =
  /** Not started. */
  | 'idle'
  /** Started, no data yet (or its rail is off). */
  | 'waiting'
  /** Data flows. */
  | 'running'
  /** Unplugged, busy or broken; the driver keeps retrying while started. */
  | 'fault';

export interface MediaDevice {
  readonly present: boolean;
  readonly state: MediaState;
  /** Reports each change of state, with a sentence for people when it is a fault. */
  onState(listener: (state: MediaState, why: string) => void): () => void;
}

export interface Camera extends MediaDevice {
  /** How the lens maps the world to pixels, for tap-to-look; constant for a device. */
  readonly intrinsics: CameraIntrinsics;
  /**
   * Starts frames of `size` at `fps` (restarts when running with another size). A frame that the
   * listener has not finished with when the next arrives is dropped, never queued.
   */
  start(size: VideoSize, fps: number, onFrame: (frame: VideoFrame) => void): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Pinhole with two radial terms (Brown-Conrady, as in OpenCV), normalised by the image width so
 * that it holds at every size: x_px = width * (fx * xd + cx), y_px = width * (fy * yd + cy) with
 * xd = x (1 + k1 r^2 + k2 r^4), x = X/Z, y = Y/Z; X right, Y down, Z forward.
 */
export interface CameraIntrinsics {
  readonly fx: number;
  readonly fy: number;
  readonly cx: number;
  /** By aspect ratio: the centre of a 4:3 picture is 0.375, of 16:9 0.28125. */
  cy(size: VideoSize): number;
  readonly k1: number;
  readonly k2: number;
}

/** 48 kHz, mono, 16 bit. A chunk is 10 ms. */
export const SAMPLE_RATE_HZ = 48_000;
export const CHUNK_SAMPLES = 480;

export interface Microphone extends MediaDevice {
  /** Starts chunks of 480 samples, one every 10 ms. The chunk is valid until the listener returns. */
  start(onChunk: (samples: Int16Array, capturedAtMs: number) => void): Promise<void>;
  stop(): Promise<void>;
}

export interface Speaker extends MediaDevice {
  start(): Promise<void>;
  /**
   * Appends 480 samples to the queue. At most 60 ms is queued; older samples are dropped so that
   * latency cannot grow. Writing to a stopped speaker does nothing.
   */
  write(samples: Int16Array): void;
  /** Output volume, 0..1, linear gain. */
  setVolume(volume: number): void;
  stop(): Promise<void>;
}

/** All hardware that the agent uses. */
export interface MediaHardware {
  readonly camera: Camera;
  readonly microphone: Microphone;
  readonly speaker: Speaker;
  close(): Promise<void>;
}
