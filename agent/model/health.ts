import { z } from 'zod';
import { Body } from '../../firmware/link/schema.ts';
import { TIME_SOURCES, TRUSTS } from '../wire/time-mark.ts';

const DeviceHealth = z.object({
  present: z.boolean(),
  state: z.enum(['idle', 'waiting', 'running', 'fault']),
  /** For people, in English, as the driver said it last. */
  why: z.string(),
});

const TimeHealth = z.object({
  wallMs: z.number(),
  trust: z.enum(TRUSTS),
  source: z.enum(TIME_SOURCES),
});

/** How the robot is, as far as the agent knows. */
export const Health = z.object({
  /** As firmware said it last; null while firmware is not there. */
  body: Body.nullable(),
  broker: z.boolean(),
  /** What is wrong with the connection to it, also while there is one. */
  brokerTrouble: z.object({ kind: z.string(), why: z.string() }).nullable().exactOptional(),
  /** What time the robot thinks it is, and how far that may be believed. */
  time: TimeHealth.exactOptional(),
  camera: DeviceHealth,
  microphone: DeviceHealth,
  speaker: DeviceHealth,
  /** Codes of what is wrong with the agent's own disk and accessLoader. */
  faults: z.array(z.string()).exactOptional(),
});
export type Health = z.infer<typeof Health>;
