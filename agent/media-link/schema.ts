/**
 * The protocol between agent and media process: newline-delimited JSON over a local socket. The
 * agent holds keys and decides; the media process holds camera, sound and the native WebRTC
 * library, and is not trusted: its messages are parsed here, answers are relayed only for
 * connections that the agent opened, and pupils' messages go through the agent's command gate.
 * Frames and sound never cross.
 *
 * The desired state (`desired`) is sent as a whole and repeated: it is a lease. Without it the
 * media process closes every connection and stops its devices.
 */
import { z } from 'zod';
import { RobotState, VoiceMode } from '../wire/control.ts';
import { MAX_CONTROL_BYTES, MAX_SIGNAL_BYTES } from '../wire/limits.ts';
import { IceServers } from '../wire/signalling.ts';
import { Candidate, MAX_BATCH } from '../wire/trickle.ts';
import { deviceNames } from './media-loop.ts';

/** A longer line is refused unread: an offer as JSON, or certificates of a school's authority. */
export const MAX_MEDIA_LINE_BYTES = 256 * 1024;
/** PEM of those certificates: one that is longer is no school's. */
export const MAX_RELAY_CA_BYTES = 128 * 1024;
/** How often each side repeats its whole state. */
export const RENEW_MS = 500;
/** The media process is dark this long after the last `desired`. */
export const LEASE_MS = 2_000;
/** A longer text of a code is dropped, UTF-8. The largest QR code holds 2,953 bytes. */
export const MAX_CODE_BYTES = 3 * 1024;
/** Connections at one time: one in class, one that comes, some that are being closed. */
export const MAX_PEERS = 8;

/** Number of a connection, as the agent counts; never used twice by one agent. */
const peer = z.int().positive();
/** Number of a question about a connection; the reply has the same. */
const call = z.int().positive();
const sdp = z.string().max(MAX_SIGNAL_BYTES);
const why = z.string().max(300);
const size = RobotState.shape.picture;

export const Ice = z.strictObject({
  servers: IceServers.shape.iceServers,
  /** `relay` uses nothing but the servers. */
  policy: z.enum(['all', 'relay']),
});
export type Ice = z.infer<typeof Ice>;

const DesiredMediaState = z.strictObject({
  kind: z.literal('desired'),
  /** Connections that may be open: all others are closed. */
  peers: z.array(peer).max(MAX_PEERS),
  /** Who sees and hears; one of `peers`. */
  sink: peer.nullable(),
  camera: z.boolean(),
  microphone: z.boolean(),
  voice: z.boolean(),
  size,
  mode: VoiceMode,
  /** 0..1 */
  volume: z.number().min(0).max(1),
  /**
   * The camera's pictures are searched for codes, and go nowhere else. Never together with a
   * connection, microphone or voice: then the media process keeps the camera closed.
   */
  scan: z.boolean().exactOptional(),
});
export type DesiredMediaState = z.infer<typeof DesiredMediaState>;

export const ToMedia = z.discriminatedUnion('kind', [
  /** The first message. `relayCa`: PEM of further authorities for `turns:` servers. */
  z.strictObject({ kind: z.literal('hello'), relayCa: z.string().max(MAX_RELAY_CA_BYTES) }),
  DesiredMediaState,
  /** The first offer of a connection opens it, a further one restarts ICE. */
  z.strictObject({ kind: z.literal('offer'), peer, call, sdp, trickle: z.boolean(), ice: Ice }),
  z.strictObject({
    kind: z.literal('candidates'),
    peer,
    candidates: z.array(Candidate).max(MAX_BATCH),
  }),
  /** On the control channel. */
  z.strictObject({ kind: z.literal('say'), peer, text: z.string().max(MAX_SIGNAL_BYTES) }),
  z.strictObject({ kind: z.literal('measure'), peer, call }),
  /** The media process sent an invalid message: it must end, and is started anew. */
  z.strictObject({ kind: z.literal('quit') }),
]);
export type ToMedia = z.infer<typeof ToMedia>;

const Device = z.strictObject({
  present: z.boolean(),
  state: z.enum(['idle', 'waiting', 'running', 'fault']),
  why,
});
const finite = z.number().refine(Number.isFinite);
const measure = finite.nullable();

const Status = z.strictObject({
  kind: z.literal('status'),
  devices: z.record(z.enum(deviceNames), Device),
  /** See CameraIntrinsics; `cy` for each size of the picture. */
  lens: z.strictObject({
    fx: finite,
    fy: finite,
    cx: finite,
    cy: z.record(size, finite),
    k1: finite,
    k2: finite,
  }),
  /** Why codes could not be read when they were last looked for; absent: nothing is known against it. */
  noCodes: why.exactOptional(),
});
export type Status = z.infer<typeof Status>;

export const ToAgent = z.discriminatedUnion('kind', [
  /** The reply to `hello`, then each RENEW_MS and at each change. */
  Status,
  z.strictObject({ kind: z.literal('answer'), peer, call, sdp }),
  z.strictObject({ kind: z.literal('failed'), peer, call, why }),
  /** Found after the offer `call`; null: no more will be found. */
  z.strictObject({
    kind: z.literal('candidate'),
    peer,
    call,
    candidate: Candidate.nullable(),
  }),
  z.strictObject({
    kind: z.literal('state'),
    peer,
    state: z.enum(['connecting', 'connected', 'disconnected', 'failed', 'closed']),
  }),
  /** Of the pupil. `text` is null for a binary message, and for one that is too long to be read. */
  z.strictObject({
    kind: z.literal('message'),
    peer,
    channel: z.enum(['look', 'control']),
    text: z.string().max(MAX_CONTROL_BYTES).nullable(),
    bytes: z.int().nonnegative(),
  }),
  /** See PeerStats; null: not known. */
  z.strictObject({
    kind: z.literal('measured'),
    peer,
    call,
    roundTripMs: measure,
    lossRatio: measure,
    encodeMs: measure,
  }),
  /** dBFS */
  z.strictObject({ kind: z.literal('heard'), voiceDb: finite, roomDb: finite }),
  z.strictObject({ kind: z.literal('cameraDelay'), ms: finite }),
  /** The text of a code that the camera sees, again and again while it does. */
  z.strictObject({ kind: z.literal('code'), text: z.string().min(1).max(MAX_CODE_BYTES) }),
]);
export type ToAgent = z.infer<typeof ToAgent>;

/** Undefined for what is no message. */
export function parseMessage<T>(schema: z.ZodType<T>, line: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
