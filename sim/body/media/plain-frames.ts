import type { Clock, Timer } from '../../../hal/ports/clock.ts';
import { frameBytes } from '../../classroom/render.ts';
import { type FrameRun, type FrameSource, onGrid } from './camera-frames.ts';

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
