/**
 * Messages between the robot page and the launcher over the `/world` WebSocket, JSON text.
 * The page uses this very module. Faults of the body go to the world; those of processes and
 * network are the launcher's own.
 */
import { z } from 'zod';
import { FaultName, MAX_CODE_LENGTH, MAX_CODES_HELD, WorldState } from '../world/schema.ts';

/** A longer message is refused unread: a document of 19 kB in codes, as JSON. */
export const MAX_PAGE_BYTES = 32 * 1_024;
/** A frame of a page: what it says and some air, so that too long is answered and not only cut. */
export const PAGE_FRAME_BYTES = 2 * MAX_PAGE_BYTES;
/** The scene is sent at most this often: 30 Hz. */
export const SCENE_PERIOD_MS = 33;
/** The status is sent at each change, and at least this often. */
export const STATUS_PERIOD_MS = 1_000;

export const ProcessName = z.enum(['firmware', 'media', 'agent']);
export type ProcessName = z.infer<typeof ProcessName>;

/** How bad the network between robot and pupil is made. */
export const NetworkSetting = z.strictObject({
  /** Added one way, each way. */
  delayMs: z.number().min(0).max(2_000),
  lossRatio: z.number().min(0).max(1),
  /** Each way; null: unlimited. */
  kbps: z.number().min(16).max(1_000_000).nullable(),
});
export type NetworkSetting = z.infer<typeof NetworkSetting>;

/** What the page may ask. `seq` comes back in the answer. */
export const PageCommand = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('button'),
    seq: z.int(),
    name: z.enum(['teacher', 'pair']),
    pressed: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('pushHead'),
    seq: z.int(),
    panDeg: z.number().min(-180).max(180),
    forMs: z.number().min(0).max(10_000),
  }),
  z.strictObject({ kind: z.literal('charger'), seq: z.int(), plugged: z.boolean() }),
  z.strictObject({ kind: z.literal('fault'), seq: z.int(), name: FaultName, on: z.boolean() }),
  z.strictObject({
    kind: z.literal('holdUp'),
    seq: z.int(),
    codes: z.array(z.string().min(1).max(MAX_CODE_LENGTH)).max(MAX_CODES_HELD),
  }),
  z.strictObject({ kind: z.literal('kill'), seq: z.int(), process: ProcessName }),
  z.strictObject({ kind: z.literal('restart'), seq: z.int(), process: ProcessName }),
  z.strictObject({ kind: z.literal('broker'), seq: z.int(), up: z.boolean() }),
  z.strictObject({ kind: z.literal('network'), seq: z.int(), setting: NetworkSetting }),
]);
export type PageCommand = z.infer<typeof PageCommand>;

export const PageRefusal = z.enum(['malformed', 'tooLong', 'tooMany', 'notPossible']);
export type PageRefusal = z.infer<typeof PageRefusal>;

const ProcessStatus = z.strictObject({
  name: ProcessName,
  state: z.enum(['stopped', 'running', 'waiting', 'stopping']),
  pid: z.number().nullable(),
  restarts: z.number(),
  /** Seconds in this state. */
  seconds: z.number(),
  lastExit: z.string().nullable(),
  realTime: z.boolean(),
});
export type ProcessStatus = z.infer<typeof ProcessStatus>;

export const SimStatus = z.strictObject({
  kind: z.literal('status'),
  version: z.string(),
  robot: z.string(),
  /** True once the robot has said `ready` on the broker for the first time. */
  ready: z.boolean(),
  upSeconds: z.number(),
  processes: z.array(ProcessStatus),
  broker: z.strictObject({ up: z.boolean(), refusals: z.record(z.string(), z.number()) }),
  /** The robot's own retained life cycle state; null before the first. */
  life: z
    .strictObject({ state: z.string().max(40), faults: z.array(z.string().max(40)) })
    .nullable(),
  network: z.strictObject({
    setting: NetworkSetting,
    /** Why the network cannot be made worse here; null when it can. */
    unavailable: z.string().nullable(),
    /** Packets carried and dropped since the start. */
    carried: z.number(),
    dropped: z.number(),
  }),
  /** The newest warnings of the processes' logs, newest last. */
  warnings: z.array(
    z.strictObject({ secondsAgo: z.number(), process: z.string(), text: z.string() }),
  ),
});
export type SimStatus = z.infer<typeof SimStatus>;

/** The world as it is now, and the head as firmware wants it: the servos' pulses as angles. */
export const Scene = z.strictObject({
  kind: z.literal('scene'),
  world: WorldState,
  /** Null before the first pulse. */
  commanded: z.strictObject({ panDeg: z.number(), tiltDeg: z.number() }).nullable(),
});
export type Scene = z.infer<typeof Scene>;

export const PageMessage = z.discriminatedUnion('kind', [
  Scene,
  SimStatus,
  z.strictObject({ kind: z.literal('refused'), seq: z.int().nullable(), reason: PageRefusal }),
]);
export type PageMessage = z.infer<typeof PageMessage>;
