import type { Wiring } from './wiring.ts';

/** A board says how its devices are reached and what its head may do. Angles in degrees. */
export interface Board extends Wiring {
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
