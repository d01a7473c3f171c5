/** A new fleet: its root, people who may order, the service, and the authority of certificates. */
import 'reflect-metadata';
import { PublicKey } from '@peculiar/x509';
import { exportJWK, generateKeyPair, importJWK } from 'jose';
import {
  type AuthorityFiles,
  createAuthorities,
  openAuthority,
} from '../../agent/pki/authority.ts';
import { chainPem, issueClient } from '../../agent/pki/issue.ts';
import type { Holder } from '../../agent/pki/names.ts';
import { type Role, type Scope, signGrant } from '../../agent/wire/grant.ts';
import { signOrder } from '../../agent/wire/order.ts';
import { publicJwk, type Signer, thumbprint } from '../../agent/wire/token.ts';
import { makeKeyPair, privateKeyPem } from '../../hal/common/certificate.ts';

const YEAR_S = 365 * 86_400;

/** As JSON: processes hand it to each other, and people to their tools. */
export interface PersonKey {
  readonly privateJwk: JsonWebKey;
  readonly chain: readonly string[];
}

export interface FleetSecrets {
  readonly fleet: string;
  /** Thumbprint of the root key. */
  readonly root: string;
  readonly central: PersonKey;
  readonly service: PersonKey;
  readonly rootCa: AuthorityFiles;
  readonly issuingCa: AuthorityFiles;
}

/** `nowMs`: milliseconds since 1970; grants are good a year before and after it. */
export async function foundFleet(fleet: string, nowMs: number): Promise<FleetSecrets> {
  const root = await freshPerson([]);
  const appoint = (by: PersonKey, role: Role) => appointed(fleet, by, role, nowMs);
  const central = await appoint(root, 'central');
  const authorities = await createAuthorities(fleet, nowMs);
  return {
    ...{ fleet, root: await thumbprint((await signerOf(root)).jwk) },
    ...{ central, service: await appoint(central, 'service') },
    ...{ rootCa: authorities.root, issuingCa: authorities.issuing },
  };
}

export async function signerOf({ privateJwk }: PersonKey): Promise<Signer> {
  const key = await importJWK({ ...privateJwk } as Parameters<typeof importJWK>[0], 'ES256');
  if (key instanceof Uint8Array) throw new Error('expected the key of a person, got a secret');
  return { key, jwk: publicJwk(privateJwk) };
}

/** The order by which a robot belongs to a school: shown to the robot, as JSON. */
export async function joinOrder(
  { fleet, central }: Pick<FleetSecrets, 'fleet' | 'central'>,
  signer: Signer,
  robot: { readonly id: string; readonly school: string; readonly key: string },
  nowMs: number,
): Promise<string> {
  const nowS = Math.floor(nowMs / 1_000);
  const order = await signOrder(signer, {
    ...{ fleet, robot: robot.id, order: hexId(), n: Math.floor(nowMs) },
    ...{ iat: nowS, exp: nowS + 3_600 },
    do: { kind: 'join', school: robot.school, robotKey: robot.key },
  });
  return JSON.stringify({ order, chain: central.chain });
}

/** Key and certificate for mutual TLS, as the holder of them would have asked for. PEM. */
export async function certify(
  { fleet, issuingCa }: Pick<FleetSecrets, 'fleet' | 'issuingCa'>,
  holders: readonly Holder[],
  nowMs: number,
): Promise<{ readonly cert: string; readonly key: string }[]> {
  const authority = await openAuthority(issuingCa);
  const certified = holders.map(async (holder) => {
    const keys = await makeKeyPair();
    const publicKey = new PublicKey(await crypto.subtle.exportKey('spki', keys.publicKey));
    const certificate = await issueClient(authority, { holder, fleet, publicKey }, nowMs);
    return {
      cert: chainPem([certificate, authority.certificate]),
      key: await privateKeyPem(keys.privateKey),
    };
  });
  return Promise.all(certified);
}

async function freshPerson(chain: readonly string[]): Promise<PersonKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { privateJwk: (await exportJWK(privateKey)) as JsonWebKey, chain };
}

async function appointed(fleet: string, by: PersonKey, role: Role, nowMs: number) {
  const person = await freshPerson([]);
  const scope: Scope = { kind: 'fleet' };
  const nowS = Math.floor(nowMs / 1_000);
  const grant = await signGrant(await signerOf(by), {
    ...{ fleet, grant: hexId(), holder: publicJwk(person.privateJwk), role, scope },
    ...{ iat: nowS - YEAR_S, exp: nowS + YEAR_S },
  });
  return { ...person, chain: [...by.chain, grant] };
}

const hexId = (): string => Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex');
