/**
 * What the camera's thread must know of the world at each picture, in memory that both threads see,
 * so that the newest pose is there without a message having to arrive. The counter is odd while a
 * pose is being written; a reader tries again.
 */

import type { VideoSize } from '../../../hal/ports/media.ts';
import type { HeadMotion } from '../../classroom/render-rays.ts';
import { movedOn } from './device-state.ts';

/** Where each of the whole numbers lies. */
const AT = { counter: 0, power: 1, sent: 2 };
const NUMBERS_AT = 16;
const NUMBERS = 5;
const TRIES = 1_000;

export class CameraShare {
  private readonly flags: Int32Array;
  private readonly numbers: Float64Array;

  constructor(
    readonly memory: SharedArrayBuffer = new SharedArrayBuffer(NUMBERS_AT + NUMBERS * 8),
  ) {
    this.flags = new Int32Array(memory, 0, Object.keys(AT).length);
    this.numbers = new Float64Array(memory, NUMBERS_AT, NUMBERS);
  }

  setPower(on: boolean): void {
    Atomics.store(this.flags, AT.power, on ? 1 : 0);
  }

  get power(): boolean {
    return Atomics.load(this.flags, AT.power) === 1;
  }

  /** Pictures that the thread has sent: more than were received means that newer ones wait. */
  get sent(): number {
    return Atomics.load(this.flags, AT.sent);
  }

  countSent(): void {
    Atomics.add(this.flags, AT.sent, 1);
  }

  setHead(motion: HeadMotion, atMs: number): void {
    Atomics.add(this.flags, AT.counter, 1);
    this.numbers.set([motion.panDeg, motion.tiltDeg, motion.panDegPerS, motion.tiltDegPerS, atMs]);
    Atomics.add(this.flags, AT.counter, 1);
  }

  headAt(atMs: number): HeadMotion {
    let seen = new Float64Array(NUMBERS);
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const before = Atomics.load(this.flags, AT.counter);
      seen = this.numbers.slice();
      if (before % 2 === 0 && Atomics.load(this.flags, AT.counter) === before) break;
    }
    const [panDeg = 0, tiltDeg = 0, panDegPerS = 0, tiltDegPerS = 0, writtenAtMs = 0] = seen;
    return movedOn({ panDeg, tiltDeg, panDegPerS, tiltDegPerS }, atMs - writtenAtMs);
  }
}

/** Messages between the camera thread and its owner. Buffers are transferred, not copied. */
export interface CameraThreadData {
  readonly memory: SharedArrayBuffer;
}

export type ToCameraThread =
  /** `run` numbers the starts, so that frames of an older run can be recognised. */
  | { readonly kind: 'start'; readonly run: number; readonly size: VideoSize; readonly fps: number }
  | { readonly kind: 'stop' }
  /** What the tablet before the lens shows; null: there is none. */
  | { readonly kind: 'code'; readonly text: string | null }
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
