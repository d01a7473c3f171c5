/**
 * From a finger on the picture to angles of the head: what lies under the finger stays under it.
 * Degrees; pan positive to the robot's left, tilt positive up. Dragging the room to the right shows
 * what is on the left.
 */
interface Pose {
  readonly pan: number;
  readonly tilt: number;
}

interface Limits {
  readonly pan: { readonly minDeg: number; readonly maxDeg: number };
  readonly tilt: { readonly minDeg: number; readonly maxDeg: number };
}

/** A place in the picture, from its middle: x right, y down, in widths of the picture. */
export interface PicturePoint {
  readonly x: number;
  readonly y: number;
}

/** Focal length in picture widths: 86 degrees wide. A drag forgives some degrees; a tap is computed by the robot. */
const FOCAL_WIDTHS = 0.54;

/** The half angles that the picture shows, for drawing the view on the map of the head's range. */
export function viewDegrees(heightByWidth: number): { pan: number; tilt: number } {
  return { pan: 2 * angleOf(0.5), tilt: 2 * angleOf(heightByWidth / 2) };
}

/** Time in which the head's target comes 63 % closer to the finger: hides the jitter of touch screens. */
const SMOOTHING_MS = 45;
/** Nearer than this it has arrived, degrees. */
const ARRIVED_DEG = 0.05;

export class LookDrag {
  private finger: Pose;
  private smoothed: Pose;
  private last: PicturePoint;
  private limited = false;

  /** `pose` is what the picture shows when the finger lands. */
  constructor(
    pose: Pose,
    at: PicturePoint,
    private readonly limits: Limits,
  ) {
    this.finger = clampPose(pose, limits);
    this.smoothed = this.finger;
    this.last = at;
  }

  /** True while the finger pulls beyond what the head can do. */
  get atLimit(): boolean {
    return this.limited;
  }

  /**
   * Steps add up and are clamped one by one: at the limit, turning back answers at once, however far
   * the finger went beyond.
   */
  move(to: PicturePoint): void {
    const wished = {
      pan: this.finger.pan + angleOf(to.x) - angleOf(this.last.x),
      tilt: this.finger.tilt + angleOf(to.y) - angleOf(this.last.y),
    };
    this.last = to;
    this.finger = clampPose(wished, this.limits);
    this.limited = this.finger.pan !== wished.pan || this.finger.tilt !== wished.tilt;
  }

  /** The next target after `elapsedMs`, or undefined when it is where the finger is. */
  step(elapsedMs: number): Pose | undefined {
    const pan = this.finger.pan - this.smoothed.pan;
    const tilt = this.finger.tilt - this.smoothed.tilt;
    if (pan === 0 && tilt === 0) return undefined;
    const share =
      Math.hypot(pan, tilt) < ARRIVED_DEG
        ? 1
        : 1 - Math.exp(-Math.max(0, elapsedMs) / SMOOTHING_MS);
    this.smoothed =
      share === 1
        ? this.finger
        : { pan: this.smoothed.pan + pan * share, tilt: this.smoothed.tilt + tilt * share };
    return this.smoothed;
  }
}

export function clampPose(pose: Pose, limits: Limits): Pose {
  return {
    pan: Math.min(limits.pan.maxDeg, Math.max(limits.pan.minDeg, pose.pan)),
    tilt: Math.min(limits.tilt.maxDeg, Math.max(limits.tilt.minDeg, pose.tilt)),
  };
}

function angleOf(widths: number): number {
  return (Math.atan(widths / FOCAL_WIDTHS) * 180) / Math.PI;
}
