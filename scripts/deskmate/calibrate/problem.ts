/** Why a robot cannot be calibrated now; words.ts has the messages. */
export type Problem =
  | { readonly kind: 'noAnswer'; readonly device: string; readonly why: string }
  | { readonly kind: 'noMagnet'; readonly axis: AxisName }
  | { readonly kind: 'unsteady'; readonly axis: AxisName; readonly spreadDeg: number }
  /** The turn by hand was too small to give a direction, or half a turn or more. */
  | { readonly kind: 'turnUnclear'; readonly axis: AxisName; readonly turnedDeg: number }
  /** Pulses changed and neither axis moved. */
  | { readonly kind: 'doesNotMove'; readonly axis: AxisName }
  | { readonly kind: 'swapped' }
  /** An obstacle, or the servo's travel is shorter than the board says. */
  | {
      readonly kind: 'shortRange';
      readonly axis: AxisName;
      readonly reachedDeg: number;
      readonly neededDeg: number;
    }
  | { readonly kind: 'notStraight'; readonly axis: AxisName; readonly offDeg: number }
  /** With the new calibration the head does not reach the commanded angles. */
  | {
      readonly kind: 'verifyFailed';
      readonly axis: AxisName;
      readonly wantedDeg: number;
      readonly measuredDeg: number;
    }
  | { readonly kind: 'cancelled' };

export type AxisName = 'pan' | 'tilt';

/** Ends a calibration. Torque is off when it is thrown to the caller; nothing was written. */
export class CalibrationFailed extends Error {
  override readonly name = 'CalibrationFailed';
  constructor(readonly problem: Problem) {
    super(JSON.stringify(problem));
  }
}

export function refuse(problem: Problem): never {
  throw new CalibrationFailed(problem);
}
