/**
 * The world over a local socket: newline-delimited JSON. A client sends numbered requests, the
 * server answers each with `taken` or `refused` and tells the state to all, in one stream and in
 * order.
 */
import { z } from 'zod';
import { WorldCommand, WorldState } from './schema.ts';

/** A longer line is refused unread, at both ends. A state is 1 KB and a code, a command 0.1 KB. */
export const MAX_LINE_BYTES = 8_192;

const id = z.int().nonnegative();

export const WorldRequest = z.strictObject({ id, command: WorldCommand });
export type WorldRequest = z.infer<typeof WorldRequest>;

const Taken = z.strictObject({ kind: z.literal('taken'), id });
/** `id` is -1 when the request could not be read. */
const Refused = z.strictObject({ kind: z.literal('refused'), id: z.int(), why: z.string() });

export const WorldMessage = z.discriminatedUnion('kind', [WorldState, Taken, Refused]);
export type WorldMessage = z.infer<typeof WorldMessage>;
