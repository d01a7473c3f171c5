/** A fleet's root, people with grants, and orders of theirs, for tests. */
import { exportJWK, generateKeyPair } from 'jose';
import type { Grant, Role, Scope } from '../grant.ts';
import { signGrant } from '../grant.ts';
import { type Action, type Order, type SignedOrder, signOrder } from '../order.ts';
import { publicJwk, type Signer, thumbprint } from '../token.ts';

export const FLEET = 'aurora';
export const SCHOOL = 'norra';
export const ROBOT = 'robot-1';
/** Monday 7 September 2026, 08:00 UTC, in seconds. */
export const NOW_S = Date.UTC(2026, 8, 7, 8) / 1_000;
export const YEAR_S = 365 * 86_400;

export interface Person {
  readonly signer: Signer;
  readonly key: string;
  readonly chain: readonly string[];
}

export async function freshSigner(): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  return { key: privateKey, jwk: publicJwk((await exportJWK(publicKey)) as JsonWebKey) };
}

/** The root: an empty chain. */
export async function freshRoot(): Promise<Person> {
  const signer = await freshSigner();
  return { signer, key: await thumbprint(signer.jwk), chain: [] };
}

let grants = 0;
export const freshId = (): string => (++grants).toString(16).padStart(32, '0');

/** Somebody to whom `by` gives a role. */
export async function appoint(
  by: Person,
  role: Role,
  scope: Scope = { kind: 'fleet' },
  over: Partial<Grant> = {},
): Promise<Person> {
  const signer = await freshSigner();
  const grant = await signGrant(by.signer, {
    ...{ fleet: FLEET, grant: freshId(), holder: signer.jwk, role, scope },
    ...{ iat: NOW_S - YEAR_S / 2, exp: NOW_S + YEAR_S / 2 },
    ...over,
  });
  return { signer, key: await thumbprint(signer.jwk), chain: [...by.chain, grant] };
}

/** An order to the robot, good for an hour. */
export async function order(
  by: Person,
  action: Action,
  over: Partial<Order> = {},
): Promise<SignedOrder> {
  const token = await signOrder(by.signer, {
    ...{ fleet: FLEET, robot: ROBOT, order: freshId(), n: NOW_S * 1_000 },
    ...{ iat: NOW_S, exp: NOW_S + 3_600, do: action },
    ...over,
  });
  return { order: token, chain: [...by.chain] };
}
