/**
 * The physical world of one simulated robot as its simulated drivers, its camera and the robot page
 * see it. One process keeps the world (sim/world/world.ts); others reach it over a local socket
 * with newline-delimited JSON, tests through an in-memory link. It goes on when firmware is frozen
 * or gone, as a real body does: the last pulses stay on the servos, the lines keep their level.
 */
import { z } from 'zod';

/** Physics runs at 200 Hz; state is sent at 100 Hz. */
export const WORLD_STEP_MS = 5;
export const WORLD_TELL_MS = 10;

export const FaultName = z.enum([
  'panStall',
  'tiltStall',
  'panEncoderLost',
  'tiltEncoderLost',
  'i2cErrors',
  'cameraUnplugged',
  'microphoneUnplugged',
  'speakerUnplugged',
  'teacherButtonLost',
  'batteryLow',
  'batteryEmpty',
  'hot',
]);
export type FaultName = z.infer<typeof FaultName>;

export const SwitchName = z.enum(['cameraRail', 'microphoneRail', 'amplifier']);
export type SwitchName = z.infer<typeof SwitchName>;

/** Of a code on the tablet, UTF-16 units; what a robot reads in one code is shorter. */
export const MAX_CODE_LENGTH = 1_000;
/** Codes that are shown in turn, and how long each stays. */
export const MAX_CODES_HELD = 64;
export const CODE_TURN_MS = 500;

const code = z.string().min(1).max(MAX_CODE_LENGTH);

const byte = z.int().min(0).max(255);
const rows = z.array(byte).length(8);

/** What drivers and people do to the world. */
export const WorldCommand = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('pulses'), panUs: z.number(), tiltUs: z.number() }),
  z.strictObject({ kind: z.literal('release') }),
  z.strictObject({
    kind: z.literal('lights'),
    ring: z.tuple([z.number(), z.number(), z.number()]),
    hand: z.number(),
  }),
  z.strictObject({
    kind: z.literal('eyes'),
    left: rows,
    right: rows,
    brightness: z.int().min(0).max(15),
  }),
  z.strictObject({ kind: z.literal('switch'), name: SwitchName, on: z.boolean() }),
  z.strictObject({ kind: z.literal('watchdog'), armed: z.boolean() }),
  /** The loudness the speaker plays now, 0..1 RMS, for the robot page. */
  z.strictObject({ kind: z.literal('speaking'), level: z.number().min(0).max(1) }),
  /** People: the charger's plug, a button, a hand on the head, a fault. */
  z.strictObject({ kind: z.literal('charger'), plugged: z.boolean() }),
  z.strictObject({
    kind: z.literal('button'),
    name: z.enum(['teacher', 'pair']),
    pressed: z.boolean(),
  }),
  /** A hand turns the head by so much from where it is, holds it, and lets go after `forMs`. */
  z.strictObject({
    kind: z.literal('pushHead'),
    panDeg: z.number().min(-180).max(180),
    /** Without it the hand leaves the tilt alone. */
    tiltDeg: z.number().min(-90).max(90).exactOptional(),
    forMs: z.number().min(0).max(10_000),
  }),
  z.strictObject({ kind: z.literal('fault'), name: FaultName, on: z.boolean() }),
  /** Somebody holds a tablet before the lens that shows these codes in turn; none: takes it away. */
  z.strictObject({ kind: z.literal('holdUp'), codes: z.array(code).max(MAX_CODES_HELD) }),
]);
export type WorldCommand = z.infer<typeof WorldCommand>;

const AxisTruth = z.strictObject({
  /** True angle and rate of the head, after friction and backlash. */
  deg: z.number(),
  degPerS: z.number(),
  /** What the encoder chip says now. */
  rawDeg: z.number(),
  magnet: z.enum(['ok', 'weak', 'strong', 'missing']),
});

export const WorldState = z.strictObject({
  kind: z.literal('world'),
  atMs: z.number(),
  pan: AxisTruth,
  tilt: AxisTruth,
  servosOn: z.boolean(),
  ring: z.tuple([z.number(), z.number(), z.number()]),
  hand: z.number(),
  eyes: z.strictObject({ left: rows, right: rows, brightness: z.number() }),
  /** The line's level is the rail and the watch light alike. */
  cameraRail: z.boolean(),
  microphoneRail: z.boolean(),
  amplifier: z.boolean(),
  speaking: z.number(),
  buttons: z.strictObject({ teacher: z.boolean(), pair: z.boolean() }),
  battery: z.strictObject({ percent: z.number(), volts: z.number(), charging: z.boolean() }),
  computerC: z.number(),
  servoC: z.number(),
  faults: z.array(FaultName),
  /** The code on the tablet that is held before the lens now; null: there is none. */
  code: code.nullable(),
  /** True when the watchdog ran out since the last kick: the board is in reset. */
  watchdogBit: z.boolean(),
});
export type WorldState = z.infer<typeof WorldState>;

/** The world will not do this: the command makes no sense or the hardware would refuse it. */
export class WorldRefusal extends Error {
  override readonly name = 'WorldRefusal';
}

/** Nobody answers at the other end of the port. */
export class WorldUnreachable extends Error {
  override readonly name = 'WorldUnreachable';
}

/** The world from a distance: same interface in memory and over the socket. */
export interface WorldPort {
  /** The latest state; undefined before the first and while the world is out of reach. */
  readonly latest: WorldState | undefined;
  onState(listener: (state: WorldState) => void): () => void;
  /**
   * Resolves when the world has taken it; `latest` shows it already when it changed a line, a
   * button or a fault. Rejects with WorldRefusal (it cannot be) or WorldUnreachable.
   */
  send(command: WorldCommand): Promise<void>;
  close(): Promise<void>;
}
