/** A board says which drivers it has and what its head may do. Angles in degrees. */
export interface Board {
  readonly name: string;
  readonly pan: AxisBoard;
  readonly tilt: AxisBoard;
}

export interface AxisBoard {
  /** Soft limits; no command of any kind passes them. */
  readonly minDeg: number;
  readonly maxDeg: number;
  /** Where the head goes to sleep. */
  readonly restDeg: number;
  /** Where the head wakes to. */
  readonly awakeDeg: number;
  readonly normal: MotionLimits;
  /** While the microphone is live: motors must not drown speech. */
  readonly quiet: MotionLimits;
}

export interface MotionLimits {
  readonly velocityDegPerS: number;
  readonly accelerationDegPerS2: number;
  readonly jerkDegPerS3: number;
}

const limits = (velocity: number, acceleration: number): MotionLimits => ({
  velocityDegPerS: velocity,
  accelerationDegPerS2: acceleration,
  jerkDegPerS3: 10 * acceleration,
});

/** The reference robot. Pan positive to the left as the robot sees it, tilt positive up. */
export const deskmate1: Board = {
  name: 'deskmate-1',
  pan: {
    minDeg: -175,
    maxDeg: 175,
    restDeg: 0,
    awakeDeg: 0,
    normal: limits(180, 720),
    quiet: limits(60, 120),
  },
  tilt: {
    minDeg: -25,
    maxDeg: 30,
    restDeg: -25,
    awakeDeg: 0,
    normal: limits(90, 360),
    quiet: limits(60, 120),
  },
};
