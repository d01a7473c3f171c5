/**
 * Requests of local staff tools to the agent over its Unix socket: one line of JSON each way.
 * Requests are parsed strictly; in replies, fields unknown to an older tool are ignored.
 */
import { z } from 'zod';
import { Health } from '../model/health.ts';
import { MAX_INVITATION_DAYS } from '../wire/invitation-days.ts';

export type { Health };

/** A longer request is refused unread. Bytes. */
export const MAX_ADMIN_LINE = 1_024;

export const AdminRequest = z.discriminatedUnion('verb', [
  z.strictObject({
    verb: z.literal('invite'),
    days: z.number().positive().max(MAX_INVITATION_DAYS),
  }),
  z.strictObject({ verb: z.literal('devices') }),
  z.strictObject({
    verb: z.literal('revoke'),
    device: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'expected a device as `devices` names it'),
  }),
  z.strictObject({
    verb: z.literal('withdraw'),
    invitation: z.string().regex(/^[0-9a-f]{8}$/, 'expected an invitation as `status` names it'),
  }),
  z.strictObject({ verb: z.literal('status') }),
]);
export type AdminRequest = z.infer<typeof AdminRequest>;

const DeviceEntry = z.object({
  device: z.string(),
  /** Null: the robot's time of day was unknown. */
  boundAt: z.number().nullable(),
  lastUsedAt: z.number().nullable(),
});
const InvitationEntry = z.object({
  id: z.string(),
  state: z.enum(['open', 'used', 'expired', 'unclear']),
  issuedAt: z.number(),
  expiresAt: z.number(),
  /** The dates are a guess, as the robot's time of day is unknown. */
  undated: z.boolean().exactOptional(),
});

export type FailureKind =
  | 'malformed'
  | 'tooLong'
  | 'unknownDevice'
  | 'unknownInvitation'
  | 'brokenRecords'
  | 'full'
  | 'badRequest'
  | 'clockUnknown'
  | 'failed';

export const AdminFailure = z.object({
  ok: z.literal(false),
  /** A FailureKind, or one of a newer agent. */
  kind: z.string(),
  /** For the user: what was wrong, what was expected. */
  message: z.string(),
});
export type AdminFailure = z.infer<typeof AdminFailure>;

export const AdminReply = z.union([
  /** `link` contains the secret and is sent only once; `id` names the invitation in `status`. */
  z.object({
    ok: z.literal(true),
    verb: z.literal('invite'),
    id: z.string(),
    link: z.string(),
    expires: z.number(),
    /** False: validity is counted by the monotonic clock, until the robot is switched off. */
    clockKnown: z.boolean().exactOptional(),
  }),
  z.object({
    ok: z.literal(true),
    verb: z.literal('devices'),
    devices: z.array(DeviceEntry),
  }),
  z.object({ ok: z.literal(true), verb: z.literal('revoke') }),
  z.object({ ok: z.literal(true), verb: z.literal('withdraw') }),
  z.object({
    ok: z.literal(true),
    verb: z.literal('status'),
    robot: z.string(),
    robotKey: z.string(),
    phase: z.string(),
    devices: z.number(),
    invitations: z.array(InvitationEntry),
    refused: z.record(z.string(), z.number()),
    health: Health,
  }),
  AdminFailure,
]);
export type AdminReply = z.infer<typeof AdminReply>;
