/**
 * Protocol between agent and firmware: intents down, body state up, newline-delimited JSON over a
 * local socket. It imports no other module. Angles in degrees (pan positive to the robot's left,
 * tilt positive up), times in milliseconds of the machine's monotonic clock.
 *
 * The desired state is sent whole and repeatedly (`desired`, every 50 ms and at each change): a
 * lost or late message does no harm, and silence means that nothing is desired.
 */
import { z } from 'zod';

/** A longer line is refused without parsing. */
export const MAX_LINE_BYTES = 4096;
/** How often the agent repeats `desired`. */
export const DESIRED_STATE_PERIOD_MS = 50;
/** Motion has ended by this long after the last `desired`; camera and microphone are off too. */
export const AUTHORITY_MS = 500;
/** The head goes to rest this long after the last `desired`. */
export const REST_AFTER_MS = 10_000;
/** A velocity look ends this long after it was received. */
export const LOOK_RATE_MS = 250;
/** How long an acknowledged hand is shown as such, to the class and to the pupil. */
export const HAND_SEEN_MS = 5_000;
/** The camera may read codes at most this long after the pair button was held. */
export const PAIRING_MS = 60_000;
/** How often firmware sends `body`. */
export const BODY_PERIOD_MS = 20;
/** While asleep without changes: less than half of the agent's limit for silence. */
export const ASLEEP_BODY_PERIOD_MS = 200;

/** What the class is shown; firmware maps it to lights. */
export const Presence = z.enum([
  'asleep',
  'waking',
  'here',
  'listening',
  'lost',
  'updating',
  'pairing',
]);
export type Presence = z.infer<typeof Presence>;

export const Mood = z.enum(['neutral', 'happy', 'sad', 'confused']);
export type Mood = z.infer<typeof Mood>;

export const DesiredState = z.strictObject({
  presence: Presence,
  mood: Mood,
  /** Pupil's hand is up. */
  hand: z.boolean(),
  /**
   * Power for the camera (and with it the watch light). Refused while paused, and without a live
   * presence; in `pairing` unless firmware has seen the pair button held (`Body.pairing`).
   */
  camera: z.boolean(),
  microphone: z.boolean(),
  amplifier: z.boolean(),
  /** Use the quiet motion profile. */
  quiet: z.boolean(),
  /** Somebody looks for this robot in the room: the ring shows which one it is. */
  identify: z.boolean().exactOptional(),
  /** The school lets support in: the ring says so. */
  support: z.boolean().exactOptional(),
});
export type DesiredState = z.infer<typeof DesiredState>;

/** The desired state without an agent. */
export const NOTHING_DESIRED: DesiredState = {
  presence: 'asleep',
  mood: 'neutral',
  hand: false,
  camera: false,
  microphone: false,
  amplifier: false,
  quiet: false,
};

const finite = z.number().refine(Number.isFinite);
const seq = z.int().nonnegative();
/**
 * When the pupil's command reached the agent: start of the latency measurement to the servo write.
 */
const receivedAtMs = finite.optional();

export const Intent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('desired'), seq, desired: DesiredState }),
  /** Turn to an angle; clamped to the soft limits. A missing axis keeps its target. */
  z.strictObject({
    kind: z.literal('look'),
    seq,
    pan: finite.optional(),
    tilt: finite.optional(),
    receivedAtMs,
  }),
  /** Turn at a rate, degrees per second; ends after LOOK_RATE_MS unless repeated. */
  z.strictObject({ kind: z.literal('lookRate'), seq, pan: finite, tilt: finite, receivedAtMs }),
  z.strictObject({ kind: z.literal('gesture'), seq, gesture: z.enum(['nod', 'shake']) }),
  z.strictObject({ kind: z.literal('stop'), seq }),
]);
export type Intent = z.infer<typeof Intent>;

/** Why an intent was not carried out. */
export const Refusal = z.enum([
  'malformed',
  'tooLong',
  'paused',
  'resting',
  'notCalibrated',
  'fault',
  'hot',
  'batteryLow',
  'noAuthority',
]);
export type Refusal = z.infer<typeof Refusal>;

/** Faults of the head; while one lasts, the head may retry by itself. */
export const HEAD_FAULTS = [
  'notCalibrated',
  /** Measurement or motion contradicts the calibration: wrong sign, zero or wiring. */
  'miscalibrated',
  /** The I2C bus is stuck: stands for all chips on it. */
  'i2cBus',
  'panStall',
  'tiltStall',
  'panEncoder',
  'tiltEncoder',
  'servoDriver',
] as const;

/** Codes of faults and degraded states of the body; texts for people are elsewhere. */
export const FaultCode = z.enum([
  ...HEAD_FAULTS,
  'lightDriver',
  'eyes',
  'cameraRail',
  'microphoneRail',
  'amplifier',
  /** A press would not be detected, or the button is stuck: no camera and no microphone. */
  'teacherButton',
  /** A pause would not survive a crash of firmware: no camera and no microphone. */
  'pauseMemory',
  'batteryGauge',
  'thermometer',
  'watchdog',
  'loopLate',
]);
export type FaultCode = z.infer<typeof FaultCode>;

/** What the head is doing. */
export const Motion = z.enum([
  /** Asleep at the rest angle; torque may be off. */
  'rest',
  'holding',
  'moving',
  'gesture',
  /** Somebody turns the head by hand; torque is off until the hand is gone. */
  'handTurned',
  /** Motion is off: not calibrated, stall, encoder fault, heat or battery. */
  'off',
  /** The board has no head that turns. */
  'absent',
]);
export type Motion = z.infer<typeof Motion>;

const Axis = z.object({
  /** Measured angle (commanded when there is no encoder). */
  deg: z.number(),
  degPerS: z.number(),
  /** Where the current trajectory ends. */
  targetDeg: z.number(),
  minDeg: z.number(),
  maxDeg: z.number(),
});

/**
 * The agent that reads this may be older than firmware: it ignores unknown fields and faults.
 */
export const Body = z.object({
  kind: z.literal('body'),
  seq,
  atMs: z.number(),
  motion: Motion,
  pan: Axis,
  tilt: Axis,
  /** Teacher's pause, owned by firmware. */
  paused: z.boolean(),
  /** The pair button was held: until this is false, the presence `pairing` has a camera. */
  pairing: z.boolean().exactOptional(),
  /** The lines as read back. */
  cameraOn: z.boolean(),
  microphoneOn: z.boolean(),
  battery: z.object({
    percent: z.number().min(0).max(100),
    charging: z.boolean(),
    level: z.enum(['good', 'low', 'critical', 'empty']),
  }),
  heat: z.object({
    computerC: z.number(),
    servoC: z.number(),
    level: z.enum(['good', 'warm', 'hot', 'critical']),
  }),
  /** FaultCode; a newer firmware may send others. */
  faults: z.array(z.string().max(40)).max(64),
});
export type Body = z.infer<typeof Body>;

const eventOf = <Name extends string>(event: Name) =>
  z.object({ kind: z.literal('event'), event: z.literal(event), atMs: z.number() });

/** Events. Each is sent once, in order, on the same stream as `body`. */
export const BodyEvent = z.discriminatedUnion('event', [
  eventOf('paused'),
  eventOf('resumed'),
  /** Teacher pressed the button while the hand was up. */
  eventOf('handAcknowledged'),
  /** Pair button was held for 5 s. */
  eventOf('pair'),
  eventOf('shutdown').extend({ why: z.enum(['battery', 'heat']) }),
]);
export type BodyEvent = z.infer<typeof BodyEvent>;

export const Refused = z.object({
  kind: z.literal('refused'),
  /** Of the refused intent; -1 when it could not be parsed. */
  seq: z.int(),
  reason: Refusal,
});
export type Refused = z.infer<typeof Refused>;

export const BodyMessage = z.union([Body, BodyEvent, Refused]);
export type BodyMessage = z.infer<typeof BodyMessage>;
