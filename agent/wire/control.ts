/**
 * Messages on the two data channels of a session, JSON text. `look` (unordered, no retransmits)
 * carries LookMessage; `control` (reliable, ordered) carries the rest. Also used in the browser.
 * Angles in degrees (pan positive to the robot's left, tilt positive up).
 */
import { z } from 'zod';
import { NextLesson } from './next-lesson.ts';

export const LOOK_CHANNEL = 'look';
export const CONTROL_CHANNEL = 'control';

const seq = z.int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const panDeg = z.number().min(-180).max(180);
const tiltDeg = z.number().min(-90).max(90);

export const Mood = z.enum(['neutral', 'happy', 'sad', 'confused']);
export type Mood = z.infer<typeof Mood>;

/** Volume of the pupil's voice in class. */
export const VoiceMode = z.enum(['whisper', 'normal', 'loud']);
export type VoiceMode = z.infer<typeof VoiceMode>;

export const PresetName = z.enum(['board', 'teacher', 'class']);
export type PresetName = z.infer<typeof PresetName>;

/** Latest wins: a message whose `seq` is not above the last accepted one is stale and dropped. */
export const LookMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('look'), seq, pan: panDeg, tilt: tiltDeg }),
  z.strictObject({
    kind: z.literal('lookRate'),
    seq,
    pan: z.number().min(-360).max(360),
    tilt: z.number().min(-360).max(360),
  }),
]);
export type LookMessage = z.infer<typeof LookMessage>;

export const Command = z.discriminatedUnion('kind', [
  /** Centre the tapped point: normalised picture coordinates, 0..1 from the top left. */
  z.strictObject({
    kind: z.literal('tap'),
    seq,
    x: z.number().min(0).max(1),
    y: z.number().min(0).max(1),
  }),
  z.strictObject({ kind: z.literal('stop'), seq }),
  z.strictObject({ kind: z.literal('goPreset'), seq, preset: PresetName }),
  /** Store the head's present direction. */
  z.strictObject({ kind: z.literal('storePreset'), seq, preset: PresetName }),
  z.strictObject({ kind: z.literal('gesture'), seq, gesture: z.enum(['nod', 'shake']) }),
  z.strictObject({ kind: z.literal('hand'), seq, up: z.boolean() }),
  z.strictObject({ kind: z.literal('mood'), seq, mood: Mood }),
  z.strictObject({ kind: z.literal('listenOnly'), seq, on: z.boolean() }),
  z.strictObject({ kind: z.literal('voice'), seq, mode: VoiceMode }),
  /** The robot's speaker volume, 0..1. */
  z.strictObject({ kind: z.literal('volume'), seq, volume: z.number().min(0).max(1) }),
  /** `auto`, the default: the robot chooses by its processor and the path. */
  z.strictObject({ kind: z.literal('picture'), seq, size: z.enum(['480p', '720p', 'auto']) }),
  z.strictObject({ kind: z.literal('hangUp'), seq }),
  /** Heartbeat and clock sample; answered with `alive`. `sentAtMs` is the pupil's own clock. */
  z.strictObject({ kind: z.literal('alive'), seq, sentAtMs: z.number().nonnegative() }),
  /** Measurements of the pupil's browser in the last seconds (N9), milliseconds and ratios. */
  z.strictObject({
    kind: z.literal('measured'),
    seq,
    videoLatencyMs: z.number().min(0).max(60_000).nullable(),
    lossRatio: z.number().min(0).max(1),
    roundTripMs: z.number().min(0).max(60_000).nullable(),
  }),
]);
export type Command = z.infer<typeof Command>;

export const CommandRefusal = z.enum([
  'malformed',
  'tooLong',
  'stale',
  'tooMany',
  'paused',
  'notLive',
  'motionOff',
  'noCamera',
]);
export type CommandRefusal = z.infer<typeof CommandRefusal>;

const Axis = z.strictObject({
  deg: z.number(),
  targetDeg: z.number(),
  minDeg: z.number(),
  maxDeg: z.number(),
});

/** Codes of what does not work; the page has the texts. */
export const Problem = z.enum([
  'noMotion',
  'camera',
  'microphone',
  'speaker',
  'batteryLow',
  'hot',
  /** Firmware does not answer: camera, microphone and speaker stay off until it does. */
  'body',
  /** The same, because the teacher could not pause. */
  'teacherButton',
]);

/** The whole state that the pupil's page shows. Sent at each change and at 10 Hz while the head moves. */
export const RobotState = z.strictObject({
  kind: z.literal('state'),
  seq,
  phase: z.enum(['waking', 'live', 'paused']),
  pan: Axis,
  tilt: Axis,
  motion: z.enum(['rest', 'holding', 'moving', 'gesture', 'handTurned', 'off', 'absent']),
  hand: z.enum(['down', 'up', 'acknowledged']),
  mood: Mood,
  listenOnly: z.boolean(),
  voice: VoiceMode,
  volume: z.number(),
  picture: z.enum(['480p', '720p']),
  presets: z.record(PresetName, z.strictObject({ pan: z.number(), tilt: z.number() })),
  batteryPercent: z.number(),
  charging: z.boolean(),
  camera: z.enum(['on', 'off', 'fault']),
  microphone: z.enum(['on', 'off', 'fault']),
  speaker: z.enum(['on', 'off', 'fault']),
  /** Unknown codes of a newer robot are ignored. */
  problems: z
    .array(Problem.or(z.string().max(40)))
    .transform((codes) => codes.filter((code) => isProblem(code))),
});
export type RobotState = z.infer<typeof RobotState>;

function isProblem(code: string): code is z.infer<typeof Problem> {
  return Problem.safeParse(code).success;
}

export const EndReason = z.enum([
  'hangUp',
  'robotStopped',
  'takenOver',
  'revoked',
  'batteryEmpty',
  'tooHot',
  'lost',
  /** The granted lesson and its grace are over. Only to devices with the feature `lessons`. */
  'lessonOver',
]);
export type EndReason = z.infer<typeof EndReason>;

export const RobotMessage = z.discriminatedUnion('kind', [
  RobotState,
  z.strictObject({ kind: z.literal('refused'), seq: z.int(), reason: CommandRefusal }),
  z.strictObject({ kind: z.literal('handAcknowledged') }),
  z.strictObject({ kind: z.literal('alive'), seq, sentAtMs: z.number(), robotAtMs: z.number() }),
  /** Every 200 ms: the pupil's voice as played, and the room's own noise, dBFS (-100..0). */
  z.strictObject({ kind: z.literal('heard'), voiceDb: z.number(), roomDb: z.number() }),
  /** From capture to the encoder, milliseconds: latency that the page cannot measure. */
  z.strictObject({ kind: z.literal('cameraDelay'), ms: z.number() }),
  z.object({
    kind: z.literal('ended'),
    /** Unknown reasons of a newer robot count as `robotStopped`. */
    why: EndReason.catch('robotStopped'),
    /** Only to devices with the feature `lessons`: version 0.1.0 refuses unknown fields. */
    nextLesson: NextLesson.optional().catch(undefined),
  }),
]);
export type RobotMessage = z.infer<typeof RobotMessage>;
