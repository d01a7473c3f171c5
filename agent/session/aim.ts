/**
 * From a tapped point to the pose that centres it. Exact: lens distortion is undone and the ray is
 * rotated on the sphere, so that taps near the edge of a tilted picture are centred too.
 *
 * Head frame: right, down, forward (as the camera sees). Robot frame: x ahead, y left, z up. The
 * head pans about z, then tilts; the lens is assumed to be where the axes cross.
 */
import type { CameraIntrinsics, VideoSize } from '../../hal/ports/media.ts';

/** Degrees. */
export interface Pose {
  readonly pan: number;
  readonly tilt: number;
}

type Vector = readonly [number, number, number];

const RAD = Math.PI / 180;

/** The pose in which the point now at `x`, `y` (0..1 from the top left) is in the middle. */
export function aimAt(
  x: number,
  y: number,
  pose: Pose,
  lens: CameraIntrinsics,
  size: VideoSize,
): Pose {
  const seen = toRobot(rayOf(x, y, lens, size), pose);
  return poseThatCentres(seen, rayOf(0.5, 0.5, lens, size));
}

/** Unit ray in the head frame of a point of the picture. */
export function rayOf(x: number, y: number, lens: CameraIntrinsics, size: VideoSize): Vector {
  const xd = (x - lens.cx) / lens.fx;
  const yd = ((y * size.height) / size.width - lens.cy(size)) / lens.fy;
  const scale = undistort(Math.hypot(xd, yd), lens);
  return unit([xd * scale, yd * scale, 1]);
}

/**
 * The factor from a distorted to the undistorted radius: solves r (1 + k1 r^2 + k2 r^4) = rd by
 * Newton's method. A wide lens may have no solution beyond its own field of view; the last valid
 * step is used there.
 */
function undistort(rd: number, { k1, k2 }: CameraIntrinsics): number {
  if (rd < 1e-9) return 1;
  let r = rd;
  for (let round = 0; round < 20; round++) {
    const r2 = r * r;
    const slope = 1 + 3 * k1 * r2 + 5 * k2 * r2 * r2;
    if (slope < 1e-3) break;
    const next = r - (r * (1 + k1 * r2 + k2 * r2 * r2) - rd) / slope;
    if (Math.abs(next - r) < 1e-12) break;
    r = Math.max(0, next);
  }
  return r / rd;
}

function toRobot([right, down, forward]: Vector, pose: Pose): Vector {
  const [sp, cp] = [Math.sin(pose.pan * RAD), Math.cos(pose.pan * RAD)];
  const [st, ct] = [Math.sin(pose.tilt * RAD), Math.cos(pose.tilt * RAD)];
  const ahead = forward * ct + down * st;
  return [ahead * cp + right * sp, ahead * sp - right * cp, forward * st - down * ct];
}

/**
 * Pan and tilt that bring the head's ray `centre` onto the robot's direction `seen`. The middle of
 * the picture need not be on the lens' axis, hence the two small corrections.
 */
function poseThatCentres([x, y, z]: Vector, [right, down, forward]: Vector): Pose {
  const reach = Math.hypot(forward, down);
  const tilt = Math.atan2(down, forward) + Math.asin(Math.max(-1, Math.min(1, z / reach)));
  const ahead = forward * Math.cos(tilt) + down * Math.sin(tilt);
  const pan = Math.atan2(y, x) + Math.atan2(right, ahead);
  return { pan: wrap(pan / RAD), tilt: tilt / RAD };
}

/** Wraps into -180..180. */
function wrap(deg: number): number {
  return deg - 360 * Math.round(deg / 360);
}

function unit([x, y, z]: Vector): Vector {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}
