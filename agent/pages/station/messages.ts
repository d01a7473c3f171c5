/** What the station's page asks of its web server, at `/api/status` and to pause. */
import { z } from 'zod';

const Sentence = z.strictObject({ what: z.string().max(1_000), todo: z.string().max(1_000) });

/** A sentence in each language of the page. */
const Sentences = z.strictObject({ nl: Sentence, sv: Sentence, en: Sentence });

export const DeviceNow = z.strictObject({
  /** `absent`: the board has none; `broken`: it ought to be there and cannot be used. */
  state: z.enum(['absent', 'broken', 'ready', 'on']),
  said: z.array(Sentences).max(8),
});
export type DeviceNow = z.infer<typeof DeviceNow>;

export const StationStatus = z.strictObject({
  kind: z.literal('station'),
  robot: z.string(),
  board: z.string(),
  /** The station's own life cycle state; null before the first. */
  life: z.string().max(40).nullable(),
  /** Firmware's word on the teacher's pause; null while firmware is not there. */
  paused: z.boolean().nullable(),
  /** This page has the teacher's button; a board with one of its own is paused there. */
  pausable: z.boolean(),
  camera: DeviceNow,
  sound: DeviceNow,
  /** Pupils may come from other computers. */
  open: z.boolean(),
});
export type StationStatus = z.infer<typeof StationStatus>;

/** The answer to `POST /api/pause` and `POST /api/go-on`: how it is now. */
export const PauseAnswer = z.strictObject({ paused: z.boolean() });
export type PauseAnswer = z.infer<typeof PauseAnswer>;
