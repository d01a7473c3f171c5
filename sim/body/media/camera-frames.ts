/** Where the simulated camera gets its pictures from: a thread of its own, or the same thread. */
import type { Clock, Timer } from '../../../hal/ports/clock.ts';
import type { VideoFrame, VideoSize } from '../../../hal/ports/media.ts';
import { frameBytes, Renderer } from '../../classroom/render.ts';
import type { HeadMotion } from '../../classroom/render-rays.ts';
import { Classroom } from '../../classroom/scene.ts';

export interface FrameRun {
  readonly size: VideoSize;
  readonly fps: number;
  /** No frame is captured while this returns false. */
  readonly powered: () => boolean;
  /** The head's true pose at a moment. */
  readonly head: (atMs: number) => HeadMotion;
  /** The code that is held before the lens now. */
  readonly code: () => string | null;
  readonly onFrame: (frame: VideoFrame) => void;
  /** Frames stop because of the source, which keeps retrying. */
  readonly onFailure: (why: string) => void;
}

/** One run at a time: `start` ends the one before. */
export interface FrameSource {
  start(run: FrameRun): void;
  stop(): void;
  close(): Promise<void>;
}

/**
 * Draws in this thread, on whatever clock there is: for simulated time. The room is painted at the
 * first start.
 */
export class InThreadFrames implements FrameSource {
  private room: Classroom | undefined;
  private timer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly openRoom: () => Classroom = () => new Classroom(),
  ) {}

  start(run: FrameRun): void {
    this.stop();
    this.room ??= this.openRoom();
    const room = this.room;
    const { clock } = this;
    const { size } = run;
    const renderer = new Renderer(size, room.store);
    const bytes = new Uint8Array(frameBytes(size));
    const data = new Uint8ClampedArray(bytes.buffer);
    this.timer = onGrid(clock, run.fps, (capturedAtMs) => {
      if (!run.powered()) return;
      const pose = run.head(capturedAtMs);
      const text = run.code();
      const moment = { sceneMs: capturedAtMs, wallMs: clock.wall() };
      const tablet = text === null ? {} : { tablet: { text, pose } };
      renderer.render(bytes, room.surfacesAt({ ...moment, ...tablet }), pose);
      run.onFrame({ ...size, data, capturedAtMs });
    });
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  async close(): Promise<void> {
    this.stop();
  }
}

/**
 * Calls `act` with the exact moments of a frame grid. Timers wake a little early or late; a sensor
 * does not, so pictures are dated and posed by the grid. Moments that were slept through are
 * dropped.
 */
export function onGrid(clock: Clock, fps: number, act: (atMs: number) => void): Timer {
  const periodMs = 1_000 / fps;
  const startMs = clock.now();
  let last = 0;
  return clock.every(periodMs, () => {
    const beat = Math.round((clock.now() - startMs) / periodMs);
    if (beat <= last) return;
    last = beat;
    act(startMs + beat * periodMs);
  });
}

/** Mid grey: a picture that is not black (16) and nothing else. */
const LUMA = 120;
const NO_COLOUR = 128;

/**
 * Frames on time with nothing drawn in them, for scenarios that ask when pictures come and not what
 * they show: the room costs a hundred times the rest of the robot.
 */
export class PlainFrames implements FrameSource {
  private timer: Timer | undefined;

  constructor(private readonly clock: Clock) {}

  start(run: FrameRun): void {
    this.stop();
    const data = new Uint8ClampedArray(frameBytes(run.size)).fill(NO_COLOUR);
    data.fill(LUMA, 0, run.size.width * run.size.height);
    this.timer = onGrid(this.clock, run.fps, (capturedAtMs) => {
      if (run.powered()) run.onFrame({ ...run.size, data, capturedAtMs });
    });
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  async close(): Promise<void> {
    this.stop();
  }
}
