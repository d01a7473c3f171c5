/**
 * How one simulated robot is really built: where its servos and encoders sit. The firmware does not
 * know it; it knows the calibration, which on a good robot says the same.
 */
import type { AxisCalibration, Calibration } from '../../hal/boards/calibration.ts';

/** The true build of one axis. Angles in degrees, pulses in microseconds. */
export interface AxisGeometry {
  /** Pulse at which the servo stands at the axis' zero. */
  readonly zeroUs: number;
  /** Negative when the servo turns the other way. */
  readonly usPerDeg: number;
  /** Mechanical stops, a little outside of the board's soft limits. */
  readonly minDeg: number;
  readonly maxDeg: number;
  /** Raw encoder angle at the axis' zero. */
  readonly encoderZeroDeg: number;
  readonly encoderDirection: 1 | -1;
  /** Where the head stands when the world begins: not where firmware would like it. */
  readonly startDeg: number;
}

export interface Geometry {
  readonly pan: AxisGeometry;
  readonly tilt: AxisGeometry;
}

/**
 * The reference robot. Its pan servo turns the wrong way and its encoders have odd zeros, so that a
 * sign or an offset that is left out shows. 350 degrees in 2000 us leave 5.4 us a degree.
 */
export const referenceGeometry: Geometry = {
  pan: {
    zeroUs: 1508,
    usPerDeg: -5.4,
    minDeg: -178,
    maxDeg: 178,
    encoderZeroDeg: 211.3,
    encoderDirection: -1,
    startDeg: 6,
  },
  tilt: {
    zeroUs: 1475,
    usPerDeg: 10.2,
    minDeg: -25.6,
    maxDeg: 31.5,
    encoderZeroDeg: 87.6,
    encoderDirection: 1,
    startDeg: -25.6,
  },
};

/** What a careful `deskmate calibrate` would find on a robot of this build. */
export function calibrationOf(geometry: Geometry): Calibration {
  return { pan: axisCalibration(geometry.pan), tilt: axisCalibration(geometry.tilt) };
}

function axisCalibration(axis: AxisGeometry): AxisCalibration {
  // Pulses end a quarter of a degree before the stops: a servo that leans on a stop burns.
  const ends = [axis.minDeg + 0.25, axis.maxDeg - 0.25].map(
    (deg) => axis.zeroUs + deg * axis.usPerDeg,
  );
  return {
    zeroUs: axis.zeroUs,
    usPerDeg: axis.usPerDeg,
    minUs: Math.min(...ends),
    maxUs: Math.max(...ends),
    encoderZeroDeg: axis.encoderZeroDeg,
    encoderDirection: axis.encoderDirection,
  };
}

export const referenceCalibration: Calibration = calibrationOf(referenceGeometry);
