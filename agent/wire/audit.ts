/**
 * The audit log: who changed what on a robot, or in the fleet. Each entry is a JWS of the log's
 * owner that contains the hash of the entry before it, so an edited, removed or inserted entry is
 * found by anyone who has the fleet's root, without network.
 *
 * The first entry of a file carries evidence of whose key signs: for a robot the `join` order with
 * its chain of grants, for the fleet service its own grants. What this cannot show is that entries
 * are missing at the end: compare `head` with a receipt or with the fleet's copy.
 */
import { z } from 'zod';
import { DocumentId, GrantChain, NumericDate, verifyChain } from './grant.ts';
import { Action } from './order.ts';
import { Thumbprint, Token, TYP } from './signalling.ts';
import { TimeMark } from './time-mark.ts';
import { hashToken, openToken, type Signer, signToken } from './token.ts';
import { PlaceId, RobotId } from './topics.ts';

/** The robot's id, or `$fleet` for the log of the fleet service. */
const AuditLogName = z.union([RobotId, z.literal('$fleet')]);

/** Whose key signs a log. */
const Evidence = z.union([
  z.strictObject({
    order: Token,
    chain: GrantChain,
    /** `keysRotated` entries since that order, oldest first: they name the key that signs now. */
    rotations: z.array(Token).max(8).exactOptional(),
  }),
  z.strictObject({ chain: GrantChain }),
]);
export type Evidence = z.infer<typeof Evidence>;

export const AuditEntry = z.looseObject({
  fleet: PlaceId,
  log: AuditLogName,
  /** Counts from 1, without gaps. */
  n: z.int().positive(),
  /** SHA-256 of the entry before (its token's text), base64url; null for the first. */
  prev: Thumbprint.nullable(),
  /** Milliseconds since 1970; `clock` is the trust in it. */
  at: z.number().nonnegative(),
  clock: TimeMark.exactOptional(),
  /** An ActionKind, or an event: `joined`, `started`, `checkpoint`, `keysRotated`, `wiped`, … */
  what: z.string().max(40),
  /** Thumbprint of the key that ordered it. */
  by: Thumbprint.exactOptional(),
  role: z.string().max(20).exactOptional(),
  order: DocumentId.exactOptional(),
  outcome: z.enum(['done', 'refused', 'failed']),
  reason: z.string().max(300).exactOptional(),
  /** Of `what`, such as the digest of what is left after a wipe. Without secrets. */
  facts: z.record(z.string().max(40), z.unknown()).exactOptional(),
  evidence: Evidence.exactOptional(),
  /** In `keysRotated`: who signs from the next entry on. */
  nextKey: Thumbprint.exactOptional(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export function signAuditEntry(signer: Signer, entry: AuditEntry): Promise<string> {
  return signToken(signer, TYP.audit, AuditEntry.parse(entry));
}

export interface AuditHead {
  readonly n: number;
  readonly hash: string;
}

export type AuditFault =
  | 'malformed'
  | 'notAuthentic'
  /** Entries are missing, doubled, or in another order. */
  | 'gap'
  /** Another fleet's, or another robot's. */
  | 'wrongLog'
  /** The first entry does not prove whose key signs. */
  | 'noEvidence'
  /** Signed by another key than the evidence names. */
  | 'wrongKey';

export type AuditVerdict =
  | { ok: true; entries: readonly AuditEntry[]; head: AuditHead | undefined }
  /** `line` counts from 1. */
  | { ok: false; line: number; why: AuditFault };

interface AuditTrust {
  readonly fleet: string;
  readonly root: string;
}

/** Verifies the text of a log: one token a line, each line ended by a line feed. */
export async function verifyAuditText(text: string, trust: AuditTrust): Promise<AuditVerdict> {
  if (text === '') return { ok: true, entries: [], head: undefined };
  const lines = text.split('\n');
  if (lines.pop() !== '') return { ok: false, line: lines.length + 1, why: 'malformed' };
  return verifyAudit(lines, trust);
}

export async function verifyAudit(
  tokens: readonly string[],
  trust: AuditTrust,
): Promise<AuditVerdict> {
  const entries: AuditEntry[] = [];
  let head: AuditHead | undefined;
  let key: string | undefined;
  for (const [index, token] of tokens.entries()) {
    const fault = (why: AuditFault): AuditVerdict => ({ ok: false, line: index + 1, why });
    const opened = await openToken(token, TYP.audit, AuditEntry);
    if (!opened.ok) return fault(opened.reason);
    const { payload: entry, signer } = opened;
    const [first] = entries;
    if (entry.fleet !== trust.fleet || (first && entry.log !== first.log)) return fault('wrongLog');
    if (!follows(entry, head)) return fault('gap');
    key ??= await keyIn(entry, trust);
    if (key === undefined) return fault('noEvidence');
    if (signer !== key) return fault('wrongKey');
    key = entry.nextKey ?? key;
    head = { n: entry.n, hash: await hashToken(token) };
    entries.push(entry);
  }
  return { ok: true, entries, head };
}

/** Without a head before it, a log may begin anywhere: its older part is in another file. */
function follows({ n, prev }: AuditEntry, head: AuditHead | undefined): boolean {
  if (!head) return (n === 1) === (prev === null);
  return n === head.n + 1 && prev === head.hash;
}

/** Whose key signs, by the evidence of the first entry. What has expired since was good then. */
async function keyIn(entry: AuditEntry, trust: AuditTrust): Promise<string | undefined> {
  const { evidence } = entry;
  if (!evidence) return undefined;
  const then = { ...trust, certainlyPastS: 0, isRevoked: () => false };
  const granted = await verifyChain(evidence.chain, then);
  if (!granted.ok) return undefined;
  const { key, role } = granted.authority;
  if (!('order' in evidence)) return entry.log === '$fleet' && role === 'service' ? key : undefined;
  if (role !== 'root' && role !== 'central') return undefined;
  const opened = await openToken(evidence.order, TYP.order, JoinOrder);
  if (!opened.ok || opened.signer !== key) return undefined;
  const { fleet, robot, do: join } = opened.payload;
  if (fleet !== trust.fleet || robot !== entry.log) return undefined;
  return keyAfter(evidence.rotations ?? [], join.robotKey, entry);
}

/** The key after its rotations, each signed by the key before. */
async function keyAfter(
  rotations: readonly string[],
  robotKey: string,
  { fleet, log }: AuditEntry,
): Promise<string | undefined> {
  let key = robotKey;
  for (const token of rotations) {
    const opened = await openToken(token, TYP.audit, AuditEntry);
    if (!opened.ok || opened.signer !== key) return undefined;
    const { payload } = opened;
    if (payload.fleet !== fleet || payload.log !== log || !payload.nextKey) return undefined;
    key = payload.nextKey;
  }
  return key;
}

const JoinOrder = z.looseObject({
  fleet: PlaceId,
  robot: RobotId,
  iat: NumericDate,
  do: Action.options[0],
});
