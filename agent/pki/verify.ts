/** Checks a client certificate and its chain, as the robot does before it uses one. */
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  X509Certificate,
} from '@peculiar/x509';
import { commonNameOf, dnsNameOf, type Holder } from './names.ts';

/** A chain of two certificates is about 1.5 kB of PEM. */
const MAX_CHAIN_BYTES = 16_384;
const MAX_CHAIN = 4;

export type CertificateRefusal =
  | 'tooLong'
  /** Not PEM certificates, 1 to 4 of them. */
  | 'malformed'
  | 'otherName'
  /** Not for client authentication, or an authority's. */
  | 'purpose'
  /** It certifies another key. */
  | 'otherKey'
  /** The chain does not lead to the fleet's root. */
  | 'chain'
  | 'expired'
  | 'notYetValid';

export type VerifiedCertificate =
  | { readonly ok: true; readonly serial: string; readonly notAfterMs: number }
  | { readonly ok: false; readonly reason: CertificateRefusal };

export interface Expected {
  readonly holder: Holder;
  readonly fleet: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: ArrayBuffer;
  /** PEM of the fleet's root. */
  readonly root: string;
  /** Milliseconds since 1970; with an unknown time, the earliest that it can be. */
  readonly nowMs: number;
}

/** `pem`: the holder's certificate, then its issuers, with or without the root. Never throws. */
export async function verifyClientChain(
  pem: string,
  expected: Expected,
): Promise<VerifiedCertificate> {
  if (pem.length > MAX_CHAIN_BYTES) return { ok: false, reason: 'tooLong' };
  try {
    const [leaf, ...issuers] = parseChain(pem);
    if (!leaf) return { ok: false, reason: 'malformed' };
    const reason = whyNotLeaf(leaf, expected) ?? (await whyNotChain(leaf, issuers, expected));
    if (reason) return { ok: false, reason };
    return { ok: true, serial: leaf.serialNumber, notAfterMs: leaf.notAfter.getTime() };
  } catch {
    return { ok: false, reason: 'malformed' };
  }
}

function parseChain(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.length > MAX_CHAIN ? [] : blocks.map((block) => new X509Certificate(block));
}

function whyNotLeaf(leaf: X509Certificate, expected: Expected): CertificateRefusal | undefined {
  const { holder, fleet, publicKey } = expected;
  const names = leaf.getExtension(SubjectAlternativeNameExtension)?.names.items ?? [];
  const [name] = names;
  if (leaf.subject !== `CN=${commonNameOf(holder)}`) return 'otherName';
  if (names.length !== 1 || name?.type !== 'dns' || name.value !== dnsNameOf(holder, fleet))
    return 'otherName';
  const usages = leaf.getExtension(ExtendedKeyUsageExtension)?.usages ?? [];
  const isClient = usages.includes(ExtendedKeyUsage.clientAuth);
  if (!isClient || leaf.getExtension(BasicConstraintsExtension)?.ca) return 'purpose';
  return sameBytes(leaf.publicKey.rawData, publicKey) ? undefined : 'otherKey';
}

async function whyNotChain(
  leaf: X509Certificate,
  issuers: readonly X509Certificate[],
  { root: rootPem, nowMs }: Expected,
): Promise<CertificateRefusal | undefined> {
  const root = new X509Certificate(rootPem);
  let below = leaf;
  for (const issuer of [...issuers.filter((one) => !one.equal(root)), root]) {
    if (!issuer.getExtension(BasicConstraintsExtension)?.ca) return 'chain';
    if (below.issuer !== issuer.subject) return 'chain';
    const signed = { publicKey: issuer.publicKey, signatureOnly: true };
    if (!(await below.verify(signed))) return 'chain';
    below = issuer;
  }
  for (const { notBefore, notAfter } of [leaf, ...issuers, root]) {
    if (notAfter.getTime() <= nowMs) return 'expired';
    if (notBefore.getTime() > nowMs) return 'notYetValid';
  }
  return undefined;
}

function sameBytes(one: ArrayBuffer, other: ArrayBuffer): boolean {
  const [a, b] = [new Uint8Array(one), new Uint8Array(other)];
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
