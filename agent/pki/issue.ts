/** Certificates that the issuing authority signs. */
import 'reflect-metadata';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  type PublicKey,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import {
  ALGORITHM,
  makeKeyPair,
  newSerialNumber,
  privateKeyPem,
} from '../../hal/common/certificate.ts';
import type { Authority } from './authority.ts';
import { LIFETIME_MS, NOT_BEFORE_MS } from './keys.ts';
import { commonNameOf, dnsNameOf, type Holder } from './names.ts';

/** For a client whose request was examined. `nowMs`: milliseconds since 1970, the issuer's clock. */
export function issueClient(
  issuing: Authority,
  client: { readonly holder: Holder; readonly fleet: string; readonly publicKey: PublicKey },
  nowMs: number,
): Promise<X509Certificate> {
  const { holder, fleet, publicKey } = client;
  return issue(issuing, {
    ...{ commonName: commonNameOf(holder), publicKey, toMs: nowMs + LIFETIME_MS.client },
    names: [{ type: 'dns', value: dnsNameOf(holder, fleet) }],
    usage: [ExtendedKeyUsage.clientAuth],
  });
}

/**
 * For a broker. `names`: DNS names and addresses that clients reach it by, and cluster nodes each
 * other. PEM; `cert` has the issuing authority's certificate behind it, as servers send it.
 */
export async function issueServer(
  issuing: Authority,
  names: readonly { readonly type: 'dns' | 'ip'; readonly value: string }[],
  nowMs: number,
): Promise<{ readonly cert: string; readonly key: string }> {
  const [first] = names;
  if (!first) throw new Error('expected at least one name of the broker');
  const keys = await makeKeyPair();
  const certificate = await issue(issuing, {
    ...{ commonName: first.value, publicKey: keys.publicKey, toMs: nowMs + LIFETIME_MS.server },
    // Nodes of a cluster are clients of each other; no user has the name of a node.
    ...{ names, usage: [ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth] },
  });
  return {
    cert: chainPem([certificate, issuing.certificate]),
    key: await privateKeyPem(keys.privateKey),
  };
}

/** One PEM file, each certificate before its issuer. */
export const chainPem = (chain: readonly X509Certificate[]): string =>
  chain.map((one) => `${one.toString('pem')}\n`).join('');

interface Leaf {
  readonly commonName: string;
  readonly publicKey: PublicKey | CryptoKey;
  readonly toMs: number;
  readonly names: readonly { readonly type: 'dns' | 'ip'; readonly value: string }[];
  readonly usage: readonly ExtendedKeyUsage[];
}

async function issue(issuing: Authority, leaf: Leaf): Promise<X509Certificate> {
  const { certificate, key } = issuing;
  const extensions: Extension[] = [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([...leaf.usage]),
    new SubjectAlternativeNameExtension([...leaf.names]),
    await AuthorityKeyIdentifierExtension.create(certificate.publicKey),
  ];
  // One that outlives its issuer would fail without saying why.
  const toMs = Math.min(leaf.toMs, certificate.notAfter.getTime());
  return X509CertificateGenerator.create({
    ...{ serialNumber: newSerialNumber(), subject: `CN=${leaf.commonName}` },
    issuer: certificate.subject,
    ...{ notBefore: new Date(NOT_BEFORE_MS), notAfter: new Date(toMs) },
    ...{ signingAlgorithm: ALGORITHM, publicKey: leaf.publicKey, signingKey: key },
    extensions,
  });
}
