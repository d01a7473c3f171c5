/**
 * The simulated camera's lens: about 90 degrees wide with a mild barrel distortion, as a small
 * board camera has. Pinhole with two radial terms, see CameraIntrinsics.
 */
import type { CameraIntrinsics, VideoSize } from '../../hal/ports/media.ts';

const K1 = -0.12;
const K2 = 0.02;
/** tan(45 degrees) = 1 lands on the left and right edge of the picture. */
const FX = 0.5 / (1 + K1 + K2);

export const simulatedLens: CameraIntrinsics = {
  fx: FX,
  fy: FX,
  cx: 0.5,
  cy: (size: VideoSize) => size.height / size.width / 2,
  k1: K1,
  k2: K2,
};

export interface Pixel {
  /** Pixels from the left edge; the middle of the first pixel is 0.5. */
  readonly x: number;
  /** Pixels from the top edge. */
  readonly y: number;
}

/** A direction in camera coordinates: (x, y, 1), x right, y down. */
interface Ray {
  readonly x: number;
  readonly y: number;
}

/** Beyond this radius (tangent of the angle off the axis) the polynomial is no lens any more. */
const WIDEST = 1.9;

/** Where the lens puts the direction; undefined outside of what it can see at all. */
export function projectRay(lens: CameraIntrinsics, ray: Ray, size: VideoSize): Pixel | undefined {
  const r2 = ray.x * ray.x + ray.y * ray.y;
  if (r2 > WIDEST * WIDEST) return undefined;
  const bend = 1 + lens.k1 * r2 + lens.k2 * r2 * r2;
  return {
    x: size.width * (lens.fx * ray.x * bend + lens.cx),
    y: size.width * (lens.fy * ray.y * bend + lens.cy(size)),
  };
}

/** Newton steps until a radius is undistorted to far below a thousandth of a pixel. */
const UNDISTORT_STEPS = 8;

/** The direction that the lens puts at the pixel: the inverse of projectRay. */
export function unproject(lens: CameraIntrinsics, pixel: Pixel, size: VideoSize): Ray {
  const xd = (pixel.x / size.width - lens.cx) / lens.fx;
  const yd = (pixel.y / size.width - lens.cy(size)) / lens.fy;
  const distorted = Math.hypot(xd, yd);
  if (distorted === 0) return { x: 0, y: 0 };
  let r = distorted;
  for (let step = 0; step < UNDISTORT_STEPS; step++) {
    const r2 = r * r;
    const error = r * (1 + lens.k1 * r2 + lens.k2 * r2 * r2) - distorted;
    r -= error / (1 + 3 * lens.k1 * r2 + 5 * lens.k2 * r2 * r2);
  }
  return { x: (xd * r) / distorted, y: (yd * r) / distorted };
}
