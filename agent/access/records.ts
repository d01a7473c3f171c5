/**
 * Who was invited and who is bound, as a value: each function takes records and returns new ones,
 * nothing here reads a clock or a disk. Times are wall-clock milliseconds since 1970.
 */
import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type AccessRefusal, PublicJwk } from '../wire/signalling.ts';

/** Invitations that are open and devices that are bound, together at most this many. */
export const MAX_GUESTS = 64;
/** Used or expired invitations that are remembered, to say so instead of "unknown". */
const MAX_PAST_INVITATIONS = 128;

const ms = z.number().nonnegative();
const Thumbprint = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

const InvitationRecord = z.strictObject({
  /** For staff to name it by; says nothing about the secret. */
  id: z.string().regex(/^[0-9a-f]{8}$/),
  /** SHA-256 of the 128-bit secret, hex. Random enough that it needs no salt and no slow hash. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  issuedAt: ms,
  expiresAt: ms,
  usedAt: ms.nullable(),
  /** Thumbprint of the device that used it: the same one may ask again when the answer was lost. */
  usedBy: Thumbprint.nullable(),
});
export type InvitationRecord = z.infer<typeof InvitationRecord>;

const DeviceRecord = z.strictObject({
  /** RFC 7638 thumbprint of `jwk`. */
  device: Thumbprint,
  jwk: PublicJwk,
  boundAt: ms,
  lastUsedAt: ms.nullable(),
});
export type DeviceRecord = z.infer<typeof DeviceRecord>;

export const Records = z.strictObject({
  version: z.literal(1),
  /** The latest wall time that was seen while the clock was trusted. */
  latestKnownMs: ms,
  invitations: z.array(InvitationRecord).max(MAX_GUESTS + MAX_PAST_INVITATIONS),
  devices: z.array(DeviceRecord).max(MAX_GUESTS),
});
export type Records = z.infer<typeof Records>;

export const noRecords: Records = { version: 1, latestKnownMs: 0, invitations: [], devices: [] };

export const isOpen = (invitation: InvitationRecord, nowMs: number): boolean =>
  invitation.usedAt === null && invitation.expiresAt > nowMs;

/** Undefined when there is no room: revoke a device or an open invitation first. */
export function issueInvitation(
  records: Records,
  invitation: InvitationRecord,
  nowMs: number,
): Records | undefined {
  const open = records.invitations.filter((one) => isOpen(one, nowMs));
  if (open.length + records.devices.length >= MAX_GUESTS) return undefined;
  const past = records.invitations.filter((one) => !isOpen(one, nowMs));
  const invitations = [...past.slice(-MAX_PAST_INVITATIONS), ...open, invitation];
  return { ...records, invitations };
}

export type Redeemed =
  | { ok: true; records: Records }
  | {
      ok: false;
      reason: Extract<
        AccessRefusal,
        'invitationUnknown' | 'invitationUsed' | 'invitationExpired' | 'notAvailable'
      >;
    };

export const isGuest = (records: Records, device: string): boolean =>
  records.devices.some((one) => one.device === device);

/**
 * Uses up the invitation whose secret hashes to `hash` and binds the device, both or neither. A
 * device that asks again for what it got, because the answer was lost, gets the same answer.
 */
export function redeemInvitation(
  records: Records,
  hash: string,
  device: Pick<DeviceRecord, 'device' | 'jwk'>,
  nowMs: number,
): Redeemed {
  const invitation = findByHash(records.invitations, hash);
  if (!invitation) return { ok: false, reason: 'invitationUnknown' };
  const again = invitation.usedBy === device.device && isGuest(records, device.device);
  if (again) return { ok: true, records };
  if (invitation.usedAt !== null) return { ok: false, reason: 'invitationUsed' };
  if (invitation.expiresAt <= nowMs) return { ok: false, reason: 'invitationExpired' };
  const others = records.devices.filter((one) => one.device !== device.device);
  if (others.length >= MAX_GUESTS) return { ok: false, reason: 'notAvailable' };
  const bound = { device: device.device, jwk: device.jwk, boundAt: nowMs, lastUsedAt: null };
  return {
    ok: true,
    records: {
      ...records,
      invitations: records.invitations.map((one) =>
        one === invitation ? { ...one, usedAt: nowMs, usedBy: device.device } : one,
      ),
      devices: [...others, bound],
    },
  };
}

export function removeInvitation(records: Records, id: string): Records {
  return { ...records, invitations: records.invitations.filter((one) => one.id !== id) };
}

export function removeDevice(records: Records, device: string): Records {
  return { ...records, devices: records.devices.filter((one) => one.device !== device) };
}

export function markUsed(records: Records, device: string, nowMs: number): Records {
  return {
    ...records,
    devices: records.devices.map((one) =>
      one.device === device ? { ...one, lastUsedAt: nowMs } : one,
    ),
  };
}

/** Looks at all of them, each in constant time: how long it takes tells nothing about the hashes. */
function findByHash(invitations: InvitationRecord[], hash: string): InvitationRecord | undefined {
  const wanted = Buffer.from(hash, 'hex');
  let found: InvitationRecord | undefined;
  for (const invitation of invitations)
    if (timingSafeEqual(Buffer.from(invitation.hash, 'hex'), wanted)) found = invitation;
  return found;
}
