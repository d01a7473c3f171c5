/**
 * Invited and bound devices, as a value: each function takes records and returns new ones, without
 * clock or disk. Times are wall-clock milliseconds since 1970.
 */
import { timingSafeEqual } from 'node:crypto';
import { offerRefusal, type Reason, type Verdict } from '../admission/admit.ts';
import type { Facts } from '../admission/facts.ts';
import type { AccessRefusal, PublicJwk } from '../wire/signalling.ts';

/** Maximum number of open invitations and bound devices together. */
const MAX_ENTRIES = 64;
/** Used or expired invitations that are remembered, to report that instead of "unknown". */
const MAX_PAST_INVITATIONS = 128;

export interface InvitationRecord {
  /** For staff to name it; independent of the secret. */
  readonly id: string;
  /** SHA-256 of the 128-bit secret, hex. Random enough to need no salt and no slow hash. */
  readonly hash: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly usedAt: number | null;
  /** Thumbprint of the device that used it: it may ask again if the answer was lost. */
  readonly usedBy: string | null;
}

export interface DeviceRecord {
  /** RFC 7638 thumbprint of `jwk`. */
  readonly device: string;
  readonly jwk: PublicJwk;
  /** 0 if the robot's time of day was unknown. */
  readonly boundAt: number;
  readonly lastUsedAt: number | null;
}

/** Entries of the file that were not understood: a newer version's, or damaged. Never used. */
interface Strange {
  readonly invitations: readonly unknown[];
  readonly devices: readonly unknown[];
}

export interface Records {
  /** The latest wall-clock time seen while the clock was trusted. */
  readonly latestKnownMs: number;
  readonly invitations: readonly InvitationRecord[];
  readonly devices: readonly DeviceRecord[];
  readonly strange: Strange;
  /** Top-level fields of a newer version. */
  readonly rest: Readonly<Record<string, unknown>>;
}

const nothingStrange: Strange = { invitations: [], devices: [] };

export const noRecords: Records = {
  latestKnownMs: 0,
  invitations: [],
  devices: [],
  strange: nothingStrange,
  rest: {},
};

/** Whether a device may be bound by this invitation (undefined: the secret matches none). */
export type Judge = (
  invitation: InvitationRecord | undefined,
  registry: Facts['registry'],
) => Verdict;

/** State of an invitation; `unclear` while it is unknown whether it has expired. */
export type Standing = 'open' | 'used' | 'expired' | 'unclear';

const STANDINGS: Partial<Record<Reason, Standing>> = {
  invitationUsed: 'used',
  clockUnknown: 'unclear',
};

export function standingOf(invitation: InvitationRecord, judge: Judge): Standing {
  const verdict = judge(invitation, 'room');
  return verdict.ok ? 'open' : (STANDINGS[verdict.reason] ?? 'expired');
}

/**
 * Revokes open older invitations: what was handed out by mistake must not stay good beside the new
 * one. Undefined when the registry is full: revoke a device first.
 */
export function issueInvitation(
  records: Records,
  invitation: InvitationRecord,
  judge: Judge,
): Records | undefined {
  const isHeld = (one: InvitationRecord): boolean =>
    ['open', 'unclear'].includes(standingOf(one, judge));
  if (records.devices.length >= MAX_ENTRIES) return undefined;
  const past = records.invitations.filter((one) => !isHeld(one));
  const invitations = [...past.slice(-MAX_PAST_INVITATIONS), invitation];
  return { ...records, invitations };
}

export type Redeemed = { ok: true; records: Records } | { ok: false; reason: AccessRefusal };

export const hasDevice = (records: Records, device: string): boolean =>
  records.devices.some((one) => one.device === device);

/**
 * Uses up the invitation whose secret hashes to `hash` and binds the device, both or neither. A
 * device that repeats its request, because the answer was lost, gets the same answer.
 */
export function redeemInvitation(
  records: Records,
  hash: string,
  device: Pick<DeviceRecord, 'device' | 'jwk'>,
  judge: Judge,
  at: { readonly usedAt: number; readonly boundAt: number },
): Redeemed {
  const invitation = findByHash(records.invitations, hash);
  const again = invitation?.usedBy === device.device && hasDevice(records, device.device);
  if (again) return { ok: true, records };
  const others = records.devices.filter((one) => one.device !== device.device);
  const verdict = judge(invitation, others.length < MAX_ENTRIES ? 'room' : 'full');
  const refusal = offerRefusal(verdict);
  if (refusal) return { ok: false, reason: refusal };
  const { usedAt, boundAt } = at;
  const bound = { device: device.device, jwk: device.jwk, boundAt, lastUsedAt: null };
  // Fields of a newer version are kept when a device is bound again.
  const before = [...records.devices, ...records.strange.devices].find(isOf(device.device));
  return {
    ok: true,
    records: {
      ...removeDevice(records, device.device),
      invitations: records.invitations.map((one) =>
        one === invitation ? { ...one, usedAt, usedBy: device.device } : one,
      ),
      devices: [...others, { ...before, ...bound }],
    },
  };
}

export function removeInvitation(records: Records, id: string): Records {
  return { ...records, invitations: records.invitations.filter((one) => one.id !== id) };
}

/** Also removes entries in a newer version's format. */
export function removeDevice(records: Records, device: string): Records {
  const { strange } = records;
  const isDevice = isOf(device);
  const others = strange.devices.filter((one) => !isDevice(one));
  return {
    ...records,
    devices: records.devices.filter((one) => one.device !== device),
    strange: { ...strange, devices: others },
  };
}

const isOf =
  (device: string) =>
  (one: unknown): one is { device: string } =>
    typeof one === 'object' && one !== null && 'device' in one && one.device === device;

/** Without any bound or invited device, in any version's format. */
export function wiped(records: Records): Records {
  return { ...records, invitations: [], devices: [], strange: nothingStrange };
}

/** When devices were bound and last used, by device. */
export interface Times {
  readonly bound: ReadonlyMap<string, number>;
  readonly used: ReadonlyMap<string, number>;
}

export function markTimes(records: Records, { bound, used }: Times): Records {
  return {
    ...records,
    devices: records.devices.map((one) => ({
      ...one,
      boundAt: bound.get(one.device) ?? one.boundAt,
      lastUsedAt: used.get(one.device) ?? one.lastUsedAt,
    })),
  };
}

/** Sets the dates of invitations that were issued while the time of day was unknown. */
export function dateInvitations(
  records: Records,
  dates: ReadonlyMap<string, { readonly issuedAt: number; readonly expiresAt: number }>,
): Records {
  const invitations = records.invitations.map((one) => ({ ...one, ...dates.get(one.id) }));
  return { ...records, invitations };
}

/** Compares all hashes in constant time, so that timing reveals nothing about them. */
function findByHash(
  invitations: readonly InvitationRecord[],
  hash: string,
): InvitationRecord | undefined {
  const wanted = Buffer.from(hash, 'hex');
  let found: InvitationRecord | undefined;
  for (const invitation of invitations)
    if (timingSafeEqual(Buffer.from(invitation.hash, 'hex'), wanted)) found = invitation;
  return found;
}
