import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { firstIssue, readJson } from '../common/json.ts';
import { readTextFile, TextFileError } from '../common/text-file.ts';
import type { Board } from './board.ts';
import { deskmate1 } from './deskmate1.ts';
import { laptop } from './laptop.ts';

const degrees = z.number().min(-360).max(360);
const rate = z.number().positive().max(100_000);
const ADDRESS = 'expected an I2C address 8..119';
const address = z.number().int(ADDRESS).min(0x08, ADDRESS).max(0x77, ADDRESS).nullable();
const name = z.string().min(1, 'expected a name').max(200);

const ECHO_DELAY = 'expected 0..500 ms';

const Limits = z.strictObject({
  velocityDegPerS: rate,
  accelerationDegPerS2: rate,
  jerkDegPerS3: rate,
});

const Axis = z
  .strictObject({
    minDeg: degrees,
    maxDeg: degrees,
    restDeg: degrees,
    awakeDeg: degrees,
    normal: Limits,
    quiet: Limits,
  })
  .refine((axis) => axis.minDeg < axis.maxDeg, {
    path: ['minDeg'],
    message: 'expected less than maxDeg',
  })
  .refine((axis) => inside(axis.restDeg, axis) && inside(axis.awakeDeg, axis), {
    path: ['restDeg'],
    message: 'expected restDeg and awakeDeg within minDeg..maxDeg',
  });

const Line = z
  .strictObject({ offset: z.number().int().min(0).max(1023), activeLow: z.boolean() })
  .nullable();

const Fields = z.strictObject({
  name,
  pan: Axis,
  tilt: Axis,
  i2c: z
    .strictObject({
      bus: z.number().int().min(0).max(255),
      servos: address,
      lights: address,
      panEncoder: address,
      tiltEncoder: address,
      leftEye: address,
      rightEye: address,
    })
    .refine(differ, { message: 'expected a different address for each chip' })
    .superRefine((chips, context) => {
      for (const field of atAllCall(chips))
        context.addIssue({
          code: 'custom',
          path: [field],
          message:
            'expected another address than 0x70 (112): a PCA9685 answers there too after its supply dipped (all-call), and would take what is meant for this chip',
        });
    })
    .nullable(),
  gpio: z
    .strictObject({
      driver: z.enum(['auto', 'characterDevice', 'sysfs']),
      chip: name,
      lines: z
        .strictObject({
          servoEnable: Line,
          cameraRail: Line,
          microphoneRail: Line,
          amplifier: Line,
          teacherButton: Line,
          pairButton: Line,
        })
        .refine(differByOffset, { message: 'expected a different offset for each line' }),
    })
    .nullable(),
  kernel: z.strictObject({
    battery: name.nullable(),
    thermalZone: name.nullable(),
    watchdog: name.startsWith('/', 'expected a device file').nullable(),
    batteryCells: z.number().int().min(1, 'expected 1..8 cells in series').max(8).nullable(),
    deepestShed: z.enum(['quiet', 'motion', 'camera', 'computer']),
  }),
  camera: z
    .strictObject({
      source: z.enum(['v4l2', 'libcamera']),
      device: name,
      lens: z.strictObject({
        horizontalFovDeg: z.number().min(20).max(170),
        k1: z.number().min(-1).max(1),
        k2: z.number().min(-1).max(1),
      }),
    })
    .nullable(),
  sound: z
    .strictObject({
      system: z.enum(['alsa', 'pipewire']),
      input: name,
      output: name,
      echoDelayMs: z.number().min(0, ECHO_DELAY).max(500, ECHO_DELAY),
    })
    .nullable(),
  teacherButtonSocket: z
    .string()
    .startsWith('/', 'expected an absolute path')
    // sun_path holds 108 bytes on Linux, with a zero at the end.
    .refine((path) => Buffer.byteLength(path) <= 107, 'expected at most 107 bytes')
    .nullable(),
});

const BoardSchema: z.ZodType<Board> = Fields.refine(hasOneTeacherButton, {
  path: ['teacherButtonSocket'],
  message: 'expected null beside gpio.lines.teacherButton',
});

/** A board that cannot be used: file, field, what was expected. One line. */
export class BoardError extends Error {
  override readonly name = 'BoardError';
}

/**
 * The board of a configuration: a name that ships with the product, or the absolute path of a board
 * file (read here, once, at start). Throws BoardError.
 */
export function findBoard(nameOrFile: string): Board {
  const board = boards.get(nameOrFile);
  if (board) return board;
  if (!isAbsolute(nameOrFile))
    throw new BoardError(
      `unknown board ${JSON.stringify(nameOrFile)}, expected ${names()} or the absolute path of a board file`,
    );
  return parseBoard(readText(nameOrFile), nameOrFile);
}

/**
 * A board file is JSON: `extends` names a board that ships, the rest replaces what differs, at any
 * depth; `null` says that the part is not there. Throws BoardError.
 */
export function parseBoard(text: string, file: string): Board {
  const fault = (why: string): BoardError => new BoardError(`${file}: ${why}`);
  const json = record(readJson(text, fault));
  if (!json) throw fault('expected an object');
  const { extends: base, ...own } = json;
  const known = typeof base === 'string' ? boards.get(base) : undefined;
  if (!known) throw fault(`extends: expected one of ${names()}`);
  const parsed = BoardSchema.safeParse(merged(known, own));
  if (parsed.success) return parsed.data;
  throw fault(firstIssue(parsed.error));
}

function merged(base: unknown, own: unknown): unknown {
  const [below, above] = [record(base), record(own)];
  if (!below || !above) return own;
  const keys = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries(
    [...keys].map((key) => [key, key in above ? merged(below[key], above[key]) : below[key]]),
  );
}

function record(value: unknown): Record<string, unknown> | undefined {
  const plain = typeof value === 'object' && value !== null && !Array.isArray(value);
  return plain ? Object.fromEntries(Object.entries(value)) : undefined;
}

function readText(file: string): string {
  try {
    return readTextFile(file);
  } catch (error) {
    if (!(error instanceof TextFileError)) throw error;
    throw new BoardError(`${file}: the board file: ${error.message}`);
  }
}

function differ({ bus: _, ...addresses }: Record<string, number | null>): boolean {
  return unique(Object.values(addresses));
}

/**
 * PCA9685 (section 7.3.7): all-call is on at power-up, at this address, and each write to it changes
 * the outputs of every PCA9685. Its sub-addresses 0x71, 0x72, 0x74 are off at power-up.
 */
const ALL_CALL = 0x70;

function atAllCall(chips: Record<string, number | null>): string[] {
  if (chips.servos === null && chips.lights === null) return [];
  return Object.keys(chips).filter((field) => field !== 'bus' && chips[field] === ALL_CALL);
}

function differByOffset(lines: Record<string, { offset: number } | null>): boolean {
  return unique(Object.values(lines).map((line) => line?.offset ?? null));
}

function hasOneTeacherButton({ gpio, teacherButtonSocket }: z.infer<typeof Fields>): boolean {
  return teacherButtonSocket === null || !gpio?.lines.teacherButton;
}

function unique(values: readonly (number | null)[]): boolean {
  const fitted = values.filter((value) => value !== null);
  return new Set(fitted).size === fitted.length;
}

const inside = (deg: number, axis: { minDeg: number; maxDeg: number }): boolean =>
  deg >= axis.minDeg && deg <= axis.maxDeg;

const names = (): string => [...boards.keys()].join(', ');

/** All boards by the name that a configuration file gives. */
export const boards: ReadonlyMap<string, Board> = new Map(
  [deskmate1, laptop].map((board) => [board.name, board]),
);
