/**
 * Exact view rays at the corners of the picture's blocks. Rows are exposed one after the other
 * (rolling shutter), so each row of corners has the pose of its own moment.
 */
import type { VideoSize } from '../../hal/ports/media.ts';
import { simulatedLens, unproject } from './lens.ts';
import { cameraFrame, type HeadPose } from './plan/pose.ts';

/** Pixels; a corner each 16 keeps interpolation errors far below a pixel. */
export const BLOCK = 16;
/** From the first to the last row, as usual for small sensors at 30 frames a second. */
const READOUT_MS = 16;

/** Pose and rates in the middle of the exposure. */
export interface HeadMotion extends HeadPose {
  readonly panDegPerS: number;
  readonly tiltDegPerS: number;
}

/** The pose when the row at `part` (0 top .. 1 bottom) of the picture is exposed. */
export function poseAtRow(motion: HeadMotion, part: number): HeadPose {
  const seconds = ((part - 0.5) * READOUT_MS) / 1_000;
  return {
    panDeg: motion.panDeg + motion.panDegPerS * seconds,
    tiltDeg: motion.tiltDeg + motion.tiltDegPerS * seconds,
  };
}

export class RayGrid {
  /** Corners a row and a column: one more than blocks. */
  readonly columns: number;
  readonly rows: number;
  /** Room directions, x y z by corner; not of unit length. */
  readonly rays: Float64Array;
  /** Where the lens is, x y z by row. */
  readonly origins: Float64Array;
  private readonly lens: Float64Array;

  constructor(readonly size: VideoSize) {
    this.columns = Math.ceil(size.width / BLOCK) + 1;
    this.rows = Math.ceil(size.height / BLOCK) + 1;
    this.rays = new Float64Array(this.columns * this.rows * 3);
    this.origins = new Float64Array(this.rows * 3);
    this.lens = new Float64Array(this.columns * this.rows * 2);
    for (let row = 0, at = 0; row < this.rows; row++)
      for (let column = 0; column < this.columns; column++, at += 2) {
        const ray = unproject(simulatedLens, { x: column * BLOCK, y: row * BLOCK }, size);
        this.lens[at] = ray.x;
        this.lens[at + 1] = ray.y;
      }
  }

  aim(motion: HeadMotion): void {
    const { rays, lens, origins, columns } = this;
    for (let row = 0; row < this.rows; row++) {
      const frame = cameraFrame(poseAtRow(motion, (row * BLOCK) / this.size.height));
      const { at, forward, right, up } = frame;
      origins.set([at.x, at.y, at.z], row * 3);
      for (let corner = row * columns; corner < (row + 1) * columns; corner++) {
        const lx = lens[corner * 2] as number;
        const ly = lens[corner * 2 + 1] as number;
        rays[corner * 3] = forward.x + lx * right.x - ly * up.x;
        rays[corner * 3 + 1] = forward.y + lx * right.y - ly * up.y;
        rays[corner * 3 + 2] = forward.z + lx * right.z - ly * up.z;
      }
    }
  }
}
