/**
 * Records (usage, receipts, audit) are kept by the robot until whoever stores them says so: the
 * broker's acknowledgement is not enough in a fleet, as nobody may have been listening. A JWS by
 * the fleet service, so that a hostile broker cannot make a robot forget.
 */
import { z } from 'zod';
import { type FleetTrust, GrantChain, type GrantRefusal, verifyChain } from './grant.ts';
import { Token, TYP } from './signalling.ts';
import { openToken, type Signer, signToken } from './token.ts';
import { PlaceId, RobotId } from './topics.ts';

/** Of a record: 128 random bits, or of its hash. */
export const RecordId = z.string().regex(/^[0-9a-f]{32}$/, 'expected 32 hex digits');

export const RecordAckPayload = z.looseObject({
  fleet: PlaceId,
  robot: RobotId,
  ids: z.array(RecordId).min(1).max(256),
});

/** On `recordAck`. */
export const RecordAck = z.strictObject({ ack: Token, chain: GrantChain });
export type RecordAck = z.infer<typeof RecordAck>;

type Verified = { ok: true; ids: readonly string[] } | { ok: false; reason: GrantRefusal };

export function signRecordAck(
  signer: Signer,
  ack: { readonly fleet: string; readonly robot: string; readonly ids: readonly string[] },
): Promise<string> {
  return signToken(signer, TYP.recordAck, RecordAckPayload.parse(ack));
}

/** The ids of records that are stored. Never throws. */
export async function verifyRecordAck(
  { ack, chain }: RecordAck,
  trust: FleetTrust & { readonly robot: string },
): Promise<Verified> {
  const opened = await openToken(ack, TYP.recordAck, RecordAckPayload);
  if (!opened.ok) return opened;
  const { fleet, robot, ids } = opened.payload;
  if (fleet !== trust.fleet || robot !== trust.robot) return { ok: false, reason: 'wrongFleet' };
  const granted = await verifyChain(chain, trust);
  if (!granted.ok) return granted;
  const { key, role } = granted.authority;
  if (opened.signer !== key) return { ok: false, reason: 'notGranted' };
  return role === 'service' ? { ok: true, ids } : { ok: false, reason: 'roleForbids' };
}

/** An entry of a robot's audit log on its way to the fleet. */
export const AuditRecord = z.looseObject({ id: RecordId, robot: RobotId, entry: Token });
export type AuditRecord = z.infer<typeof AuditRecord>;

/** A receipt on its way to the fleet. `receipt` is a JWS by the robot. */
export const ReceiptRecord = z.looseObject({ id: RecordId, robot: RobotId, receipt: Token });
export type ReceiptRecord = z.infer<typeof ReceiptRecord>;
