import type { AxisCalibration } from '../../hal/boards/calibration.ts';

/** The pulse that holds an axis at `deg`, within what the calibration allows. */
export function pulseUs(calibration: AxisCalibration, deg: number): number {
  const us = calibration.zeroUs + calibration.usPerDeg * deg;
  return Math.min(calibration.maxUs, Math.max(calibration.minUs, us));
}

/** -180 <= x < 180 */
export function wrapDeg(deg: number): number {
  return deg - 360 * Math.floor((deg + 180) / 360);
}

/** Beyond this an unwrapped angle cannot be the head's: it is taken modulo a turn again. */
const FARTHEST_DEG = 200;

/** The axis' angle of a raw reading when nothing is known of where it was. */
export function firstAngle(calibration: AxisCalibration, rawDeg: number): number {
  return wrapDeg(calibration.encoderDirection * (rawDeg - calibration.encoderZeroDeg));
}

/**
 * The axis' angle of a raw reading, continuous with the angle before: a head that is pushed a
 * little past +-180 reads 181, not -179.
 */
export function nextAngle(calibration: AxisCalibration, rawDeg: number, before: number): number {
  const angle = before + wrapDeg(firstAngle(calibration, rawDeg) - before);
  return Math.abs(angle) > FARTHEST_DEG ? wrapDeg(angle) : angle;
}
