import { z } from 'zod';
import { firstIssue, readJson } from '../common/json.ts';
import type { Calibration } from './calibration.ts';

/** PWM chips and servos know no other pulses than these, microseconds. */
const pulse = z.number().min(500).max(2500);

// What a newer version has added is its own: a robot that was set back must still know its head.
const AxisFile = z
  .looseObject({
    zeroUs: pulse,
    usPerDeg: z.number().refine((us) => Math.abs(us) >= 1 && Math.abs(us) <= 30, {
      message: 'expected 1..30 or -30..-1 microseconds per degree',
    }),
    minUs: pulse,
    maxUs: pulse,
    encoderZeroDeg: z.number().min(0).lt(360),
    encoderDirection: z.union([z.literal(1), z.literal(-1)]),
  })
  .refine((axis) => axis.minUs < axis.maxUs, {
    path: ['minUs'],
    message: 'expected less than maxUs',
  })
  .refine((axis) => axis.zeroUs >= axis.minUs && axis.zeroUs <= axis.maxUs, {
    path: ['zeroUs'],
    message: 'expected minUs..maxUs',
  });

/** The calibration file: JSON, made by `deskmate calibrate`, one a robot. */
const CalibrationFile = z.looseObject({
  pan: AxisFile,
  tilt: AxisFile,
});

/** A calibration that cannot be used; says which field and what was expected there. */
export class CalibrationError extends Error {
  override readonly name = 'CalibrationError';
}

/** Reads the text of a calibration file; `file` is only for the message. */
export function parseCalibration(text: string, file: string): Calibration {
  const fault = (why: string): CalibrationError =>
    new CalibrationError(`${file}: ${why}; run \`deskmate calibrate\` again`);
  const parsed = CalibrationFile.safeParse(readJson(text, fault));
  if (!parsed.success) throw fault(firstIssue(parsed.error));
  return parsed.data;
}
