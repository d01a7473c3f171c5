/**
 * Grants: who may order what of which robots, until when. A grant is a JWS that names its holder's
 * public key; the first of a chain is signed by the fleet's root key, each further one by the
 * holder before it. A robot verifies a chain by itself, against the root it was given.
 *
 * A grant is parsed strictly: a field of a newer version might restrict it, so a reader that does
 * not understand a field must refuse. What only informs is in `info`.
 */
import { z } from 'zod';
import { PublicJwk, Token, TYP } from './signalling.ts';
import { openToken, type Signer, signToken, thumbprint } from './token.ts';
import { PlaceId, RobotId } from './topics.ts';

/**
 * - `central`: the team of a municipality; may grant every other role.
 * - `support`: looks after robots, by consent of the school.
 * - `coordinator`: hands out the robots of a school; may grant `teacher`.
 * - `teacher`: allows lessons.
 * - `service`: the fleet service; acknowledges records, and orders nothing.
 */
export const ROLES = ['central', 'support', 'coordinator', 'teacher', 'service'] as const;
export type Role = (typeof ROLES)[number];

/** Of a grant or an order: 128 random bits. */
export const DocumentId = z.string().regex(/^[0-9a-f]{32}$/, 'expected 32 hex digits');

export const Scope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fleet') }),
  z.strictObject({ kind: z.literal('schools'), schools: z.array(PlaceId).min(1).max(64) }),
  z.strictObject({ kind: z.literal('robots'), robots: z.array(RobotId).min(1).max(64) }),
]);
export type Scope = z.infer<typeof Scope>;

/** Seconds since 1970 (RFC 7519 NumericDate). */
export const NumericDate = z.int().nonnegative();

export const Grant = z.strictObject({
  fleet: PlaceId,
  grant: DocumentId,
  holder: PublicJwk,
  role: z.enum(ROLES),
  scope: Scope,
  iat: NumericDate,
  exp: NumericDate,
  info: z.looseObject({ name: z.string().max(80).exactOptional() }).exactOptional(),
});
export type Grant = z.infer<typeof Grant>;

/** Grants from the root on; the last one is of whoever signs. */
export const GrantChain = z.array(Token).max(4);
export type GrantChain = z.infer<typeof GrantChain>;

/** Who may grant a role, besides the root. */
const GRANTED_BY: Readonly<Record<Role, readonly Role[]>> = {
  central: [],
  support: ['central'],
  coordinator: ['central'],
  teacher: ['central', 'coordinator'],
  service: ['central'],
};

export type GrantRefusal =
  | 'malformed'
  | 'notAuthentic'
  /** The chain does not begin at this fleet's root, or has a gap. */
  | 'notGranted'
  | 'wrongFleet'
  /** A holder granted a role that is not his to grant. */
  | 'roleForbids'
  | 'grantExpired'
  | 'revoked';

/** What a reader knows when it judges a chain. */
export interface FleetTrust {
  readonly fleet: string;
  /** RFC 7638 thumbprint of the fleet's root key. */
  readonly root: string;
  /**
   * Seconds since 1970 that have certainly passed, by a trusted clock or at least by what was known
   * before: nothing that ended before is good.
   */
  readonly certainlyPastS: number;
  /** Whether a grant (its id) or a key (its thumbprint) was revoked. */
  readonly isRevoked: (grantOrKey: string) => boolean;
}

/** Whose signature counts, and for what: what a verified chain amounts to. */
export interface Authority {
  /** Thumbprint of the key that may sign. */
  readonly key: string;
  /** `root`: the fleet's root key itself, with an empty chain. */
  readonly role: Role | 'root';
  /** All of them must cover a robot. */
  readonly scopes: readonly Scope[];
  /** Ids, from the root on. */
  readonly grants: readonly string[];
  /** When the first of them ends, seconds since 1970. */
  readonly exp: number;
}

type Verified = { ok: true; authority: Authority } | { ok: false; reason: GrantRefusal };

/** Issues a grant; `signer` must be the root or a holder who may grant this role. */
export function signGrant(signer: Signer, grant: Grant): Promise<string> {
  return signToken(signer, TYP.grant, Grant.parse(grant));
}

/** What the chain lets its last holder do. Pure but for the mathematics; never throws. */
export async function verifyChain(chain: readonly string[], trust: FleetTrust): Promise<Verified> {
  let authority: Authority = {
    ...{ key: trust.root, role: 'root', scopes: [], grants: [] },
    exp: Number.MAX_SAFE_INTEGER,
  };
  if (trust.isRevoked(trust.root)) return refuse('revoked');
  if (!GrantChain.safeParse(chain).success) return refuse('malformed');
  for (const token of chain) {
    const next = await verifyGrant(token, authority, trust);
    if (!next.ok) return next;
    authority = next.authority;
  }
  return { ok: true, authority };
}

async function verifyGrant(token: string, by: Authority, trust: FleetTrust): Promise<Verified> {
  const opened = await openToken(token, TYP.grant, Grant, (grant) => refusalOf(grant, by, trust));
  if (!opened.ok) return refuse(opened.reason);
  if (opened.signer !== by.key) return refuse('notGranted');
  const { holder, role, scope, exp, grant } = opened.payload;
  const key = await thumbprint(holder);
  if (trust.isRevoked(key)) return refuse('revoked');
  const scopes = [...by.scopes, scope];
  const grants = [...by.grants, grant];
  return { ok: true, authority: { key, role, scopes, grants, exp: Math.min(by.exp, exp) } };
}

function refusalOf(grant: Grant, by: Authority, trust: FleetTrust): GrantRefusal | undefined {
  if (grant.fleet !== trust.fleet) return 'wrongFleet';
  if (by.role !== 'root' && !GRANTED_BY[grant.role].includes(by.role)) return 'roleForbids';
  if (grant.exp <= trust.certainlyPastS || grant.exp <= grant.iat) return 'grantExpired';
  return trust.isRevoked(grant.grant) ? 'revoked' : undefined;
}

/** Whether every scope covers this robot; a robot without a school is in none. */
export function covers(
  scopes: readonly Scope[],
  robot: string,
  school: string | undefined,
): boolean {
  return scopes.every((scope) => coversOne(scope, robot, school));
}

function coversOne(scope: Scope, robot: string, school: string | undefined): boolean {
  switch (scope.kind) {
    case 'fleet':
      return true;
    case 'schools':
      return school !== undefined && scope.schools.includes(school);
    case 'robots':
      return scope.robots.includes(robot);
  }
}

const refuse = (reason: GrantRefusal): { ok: false; reason: GrantRefusal } => ({
  ok: false,
  reason,
});
