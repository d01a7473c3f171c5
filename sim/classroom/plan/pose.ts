/**
 * Where the camera is and how it looks, from the head's angles. Room frame: metres, x ahead of the
 * robot at pan 0, y to its left, z up, origin at the crossing of the head's axes.
 */

export interface Vec3 {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export interface HeadPose {
  /** Degrees, positive to the robot's left. */
  readonly panDeg: number;
  /** Degrees, positive up. */
  readonly tiltDeg: number;
}

/** The camera as a moving rigid body: its place and three unit axes in the room frame. */
export interface CameraFrame {
  readonly at: Vec3;
  readonly forward: Vec3;
  readonly right: Vec3;
  readonly up: Vec3;
}

/** The lens sits ahead of the pan axis and above the tilt axis, so turning shows some parallax. */
const LENS_AHEAD_M = 0.055;
const LENS_ABOVE_M = 0.03;

const RADIANS = Math.PI / 180;

/** The head pans first (about z), then tilts about its own left-right axis. */
export function cameraFrame(pose: HeadPose): CameraFrame {
  const sinPan = Math.sin(pose.panDeg * RADIANS);
  const cosPan = Math.cos(pose.panDeg * RADIANS);
  const sinTilt = Math.sin(pose.tiltDeg * RADIANS);
  const cosTilt = Math.cos(pose.tiltDeg * RADIANS);
  const forward = { x: cosTilt * cosPan, y: cosTilt * sinPan, z: sinTilt };
  const up = { x: -sinTilt * cosPan, y: -sinTilt * sinPan, z: cosTilt };
  return {
    at: {
      x: forward.x * LENS_AHEAD_M + up.x * LENS_ABOVE_M,
      y: forward.y * LENS_AHEAD_M + up.y * LENS_ABOVE_M,
      z: forward.z * LENS_AHEAD_M + up.z * LENS_ABOVE_M,
    },
    forward,
    right: { x: sinPan, y: -cosPan, z: 0 },
    up,
  };
}

/** The point in camera coordinates: x right, y down, z forward, metres from the lens. */
export function toCamera(point: Vec3, frame: CameraFrame): Vec3 {
  const dx = point.x - frame.at.x;
  const dy = point.y - frame.at.y;
  const dz = point.z - frame.at.z;
  return {
    x: dx * frame.right.x + dy * frame.right.y + dz * frame.right.z,
    y: -(dx * frame.up.x + dy * frame.up.y + dz * frame.up.z),
    z: dx * frame.forward.x + dy * frame.forward.y + dz * frame.forward.z,
  };
}
