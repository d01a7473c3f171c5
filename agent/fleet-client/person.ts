/**
 * A person's side of orders: signs grants and orders with the person's key, seals what the broker
 * must not read, and opens robots' answers. The key may be non-extractable (in a browser).
 */
import { type Grant, type Role, type Scope, signGrant } from '../wire/grant.ts';
import { decryptJwe, encryptJwe, makeJweKeyPair } from '../wire/jwe.ts';
import {
  type Action,
  Identity,
  MAX_ORDER_S,
  Receipt,
  type SignedOrder,
  signOrder,
} from '../wire/order.ts';
import type { SettingsValue } from '../wire/settings.ts';
import { type PublicJwk, TYP } from '../wire/signalling.ts';
import { openToken, type Signer } from '../wire/token.ts';

/** Usual validity of an order: a robot that is off for a weekend still gets it. Seconds. */
export const ORDER_S = 4 * 86_400;

export interface Person {
  readonly fleet: string;
  readonly signer: Signer;
  /** Grants from the root to this person; empty for the root itself. */
  readonly chain: readonly string[];
}

interface OrderSignerParts {
  readonly person: Person;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** 32 random hex digits. */
  readonly newId: () => string;
}

interface NewOrder {
  readonly robot: string;
  readonly action: Action;
  /** Seconds, at most MAX_ORDER_S. */
  readonly validS?: number;
}

/** Signs orders whose numbers grow, also when two are signed in one millisecond. */
export class OrderSigner {
  private lastN = 0;

  constructor(private readonly parts: OrderSignerParts) {}

  /** `expires`: milliseconds since 1970. */
  async sign({
    robot,
    action,
    validS = ORDER_S,
  }: NewOrder): Promise<SignedOrder & { id: string; expires: number }> {
    const { person, nowMs, newId } = this.parts;
    const now = Math.floor(nowMs());
    this.lastN = Math.max(this.lastN + 1, now);
    const id = newId();
    const iat = Math.floor(now / 1_000);
    const exp = iat + Math.min(validS, MAX_ORDER_S);
    const order = await signOrder(person.signer, {
      ...{ fleet: person.fleet, robot, order: id, n: this.lastN },
      ...{ iat, exp, do: action },
    });
    return { order, chain: [...person.chain], id, expires: exp * 1_000 };
  }
}

interface NewGrant {
  readonly holder: PublicJwk;
  readonly role: Role;
  readonly scope: Scope;
  /** Days from now. */
  readonly days: number;
  /** Shown in lists; a function rather than a person's name. */
  readonly name?: string;
}

/** The whole chain of the new holder. */
export async function grantTo(
  { person, nowMs, newId }: OrderSignerParts,
  { holder, role, scope, days, name }: NewGrant,
): Promise<{ chain: string[]; id: string }> {
  const iat = Math.floor(nowMs() / 1_000);
  const id = newId();
  const grant: Grant = {
    ...{ fleet: person.fleet, grant: id, holder, role, scope },
    ...{ iat, exp: iat + Math.round(days * 86_400) },
    ...(name !== undefined && { info: { name } }),
  };
  return { chain: [...person.chain, await signGrant(person.signer, grant)], id };
}

/** A key for one sealed answer, and what opens it. */
export async function replyBox(): Promise<{
  readonly replyKey: PublicJwk;
  /** Undefined: it was not sealed for this box. */
  open(sealed: string): Promise<string | undefined>;
}> {
  const { privateKey, jwk } = await makeJweKeyPair();
  return { replyKey: jwk, open: (sealed) => decryptJwe(privateKey, sealed, 'json') };
}

/** A section's value that only this robot can read. */
export async function sealedSettings(
  { encryptionKey }: Pick<Identity, 'encryptionKey'>,
  { section, version, value }: SettingsValue,
): Promise<SettingsValue> {
  const sealed = await encryptJwe(encryptionKey, JSON.stringify(value), 'json');
  return { section, version, value: { sealed } };
}

/** What the robot with this key (a thumbprint) said of itself; undefined for a forged token. */
export async function readIdentity(token: string, robotKey: string): Promise<Identity | undefined> {
  const opened = await openToken(token, TYP.identity, Identity);
  return opened.ok && opened.signer === robotKey ? opened.payload : undefined;
}

/** The answer of the robot with this key (a thumbprint); undefined for a forged token. */
export async function readReceipt(token: string, robotKey: string): Promise<Receipt | undefined> {
  const opened = await openToken(token, TYP.receipt, Receipt);
  return opened.ok && opened.signer === robotKey ? opened.payload : undefined;
}
