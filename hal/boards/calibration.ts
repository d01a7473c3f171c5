/**
 * What `deskmate calibrate` measured of one robot: how angles of the head become pulses, and raw
 * encoder readings become angles. Without it the head does not move.
 */
export interface Calibration {
  readonly pan: AxisCalibration;
  readonly tilt: AxisCalibration;
}

export interface AxisCalibration {
  /** Pulse width at the axis' zero, microseconds. */
  readonly zeroUs: number;
  /** Microseconds per degree; negative when the servo turns the other way. */
  readonly usPerDeg: number;
  /** Pulses outside of these never leave the process, whatever was computed. */
  readonly minUs: number;
  readonly maxUs: number;
  /** Raw encoder angle at the axis' zero, degrees 0..360. */
  readonly encoderZeroDeg: number;
  /** 1 when the raw angle grows with the axis' angle, -1 when it falls. */
  readonly encoderDirection: 1 | -1;
}
