/**
 * What a person's grants say: of which fleet, which role, until when. The root is the key that
 * signed the first one: whoever handed the grants over vouches for it, as for a robot's root.
 */
import { covers, Grant, type Role, type Scope, verifyChain } from '../../../wire/grant.ts';
import { type ActionKind, ORDERED_BY } from '../../../wire/order.ts';
import type { PublicJwk } from '../../../wire/signalling.ts';
import { TYP } from '../../../wire/signalling.ts';
import { openToken, thumbprint } from '../../../wire/token.ts';

export interface Passport {
  readonly fleet: string;
  /** Thumbprint of the fleet's root key. */
  readonly root: string;
  readonly role: Role;
  readonly scopes: readonly Scope[];
  readonly chain: readonly string[];
  /** Milliseconds since 1970. */
  readonly untilMs: number;
  /** Such as the function of the person. */
  readonly name: string | undefined;
}

export type PassportFault =
  /** No grant is in the text. */
  | 'none'
  /** Damaged, or not a chain. */
  | 'wrong'
  /** It names another key than the one on this device. */
  | 'otherKey'
  | 'expired'
  /** A service's, not a person's. */
  | 'notAPerson';

export type ReadPassport = { ok: true; passport: Passport } | { ok: false; why: PassportFault };

/** As many as a chain may have; more text than that is not looked at. */
const MAX_TEXT = 170_000;

/** The grants in a text, whatever is around them: a list, JSON, a mail. */
export function grantsIn(text: string): string[] {
  return text.slice(0, MAX_TEXT).match(/[\w-]{20,}\.[\w-]{20,}\.[\w-]{40,}/g) ?? [];
}

/** `key`: of this device. Never throws. */
export async function readPassport(
  chain: readonly string[],
  key: PublicJwk,
  nowMs: number,
): Promise<ReadPassport> {
  const [first] = chain;
  if (first === undefined) return { ok: false, why: 'none' };
  const opened = await openToken(first, TYP.grant, Grant);
  if (!opened.ok) return { ok: false, why: 'wrong' };
  const { fleet } = opened.payload;
  const trust = { fleet, root: opened.signer, certainlyPastS: nowMs / 1_000 };
  const verdict = await verifyChain(chain, { ...trust, isRevoked: () => false });
  if (!verdict.ok)
    return { ok: false, why: verdict.reason === 'grantExpired' ? 'expired' : 'wrong' };
  const { role, scopes, exp } = verdict.authority;
  if (verdict.authority.key !== (await thumbprint(key))) return { ok: false, why: 'otherKey' };
  if (role === 'service' || role === 'root') return { ok: false, why: 'notAPerson' };
  const last = await openToken(chain.at(-1) ?? '', TYP.grant, Grant);
  const name = last.ok ? last.payload.info?.name : undefined;
  const passport = { fleet, root: opened.signer, role, scopes, chain, untilMs: exp * 1_000, name };
  return { ok: true, passport };
}

/** Whether a robot would obey; of support it also asks for the school's consent. */
export function may(
  { role, scopes }: Passport,
  action: ActionKind,
  robot: { readonly id: string; readonly school?: string | undefined },
): boolean {
  return ORDERED_BY[action].includes(role) && covers(scopes, robot.id, robot.school);
}

/** Whether the person's own schools are all that the person sees: then small groups may be shown. */
export const isOfSchools = ({ scopes }: Passport): boolean =>
  scopes.some(({ kind }) => kind !== 'fleet');
