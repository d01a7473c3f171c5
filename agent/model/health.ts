import { z } from 'zod';
import { Body } from '../../firmware/link/schema.ts';
import { TIME_SOURCES, TRUSTS } from '../wire/time-mark.ts';

const DeviceHealth = z.object({
  present: z.boolean(),
  state: z.enum(['idle', 'waiting', 'running', 'fault']),
  /** For people, in English, as last reported by the driver. */
  why: z.string(),
});

const TimeHealth = z.object({
  wallMs: z.number(),
  trust: z.enum(TRUSTS),
  source: z.enum(TIME_SOURCES),
});

/** The robot's health as known to the agent. */
export const Health = z.object({
  /** As last reported by firmware; null while it is not connected. */
  body: Body.nullable(),
  broker: z.boolean(),
  /** What is wrong with the broker connection, even while connected. */
  brokerTrouble: z.object({ kind: z.string(), why: z.string() }).nullable().exactOptional(),
  /** The robot's time of day, and how far it is trusted. */
  time: TimeHealth.exactOptional(),
  camera: DeviceHealth,
  microphone: DeviceHealth,
  speaker: DeviceHealth,
  /** Fault codes of the agent's own disk and access. */
  faults: z.array(z.string()).exactOptional(),
});
export type Health = z.infer<typeof Health>;
