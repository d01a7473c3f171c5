import { z } from 'zod';
import { enveloped, openEnvelope, sealEnvelope } from '../common/envelope.ts';
import { firstIssue, readJson } from '../common/json.ts';

/**
 * Measured by `deskmate calibrate` for one robot: maps head angles to pulses, and raw encoder
 * readings to angles. Without it the head does not move.
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
  /** Hard limits of the pulse width: no other pulse is ever sent. */
  readonly minUs: number;
  readonly maxUs: number;
  /** Raw encoder angle at the axis' zero, degrees 0..360. */
  readonly encoderZeroDeg: number;
  /** 1 when the raw angle grows with the axis' angle, -1 when it falls. */
  readonly encoderDirection: 1 | -1;
}

/** Pulse widths that PWM chips and servos support, microseconds. */
const pulse = z.number().min(500).max(2500);

// Unknown fields of a newer version are accepted: after a downgrade the calibration must stay valid.
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

/** The calibration file: JSON, made by `deskmate calibrate`, one per robot. */
const CalibrationFile = z.looseObject({
  pan: AxisFile,
  tilt: AxisFile,
});

const schema = enveloped('calibration');

/** An invalid calibration; names the field and what was expected. */
export class CalibrationError extends Error {
  override readonly name = 'CalibrationError';
}

/** The text of a calibration file. */
export function calibrationText(calibration: Calibration): string {
  return `${JSON.stringify(sealEnvelope(schema, { ...calibration }), null, 2)}\n`;
}

/** Reads the text of a calibration file; `file` is only for the message. */
export function parseCalibration(text: string, file: string): Calibration {
  const fault = (why: string): CalibrationError =>
    new CalibrationError(`${file}: ${why}; run \`deskmate calibrate\` again`);
  const parsed = CalibrationFile.safeParse(opened(readJson(text, fault), fault));
  if (!parsed.success) throw fault(firstIssue(parsed.error));
  return parsed.data;
}

function opened(whole: unknown, fault: (why: string) => CalibrationError): unknown {
  try {
    return openEnvelope(schema, whole).fields;
  } catch (error) {
    throw fault(error instanceof Error ? error.message : String(error));
  }
}
