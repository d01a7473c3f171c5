/** The fleet's certificate authority: a root that is kept off-line, and an issuing one under it. */
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import {
  ALGORITHM,
  makeKeyPair,
  newSerialNumber,
  privateKeyPem,
} from '../../hal/common/certificate.ts';
import { importPrivateKey, LIFETIME_MS, NOT_BEFORE_MS } from './keys.ts';

/** One that can sign. */
export interface Authority {
  readonly certificate: X509Certificate;
  readonly key: CryptoKey;
}

/** PEM of certificate and key. */
export interface AuthorityFiles {
  readonly cert: string;
  readonly key: string;
}

/** `root` signs `issuing` only; `issuing` signs robots, services, people and brokers. */
export async function createAuthorities(
  fleet: string,
  nowMs: number,
): Promise<{ readonly root: AuthorityFiles; readonly issuing: AuthorityFiles }> {
  const rootKeys = await makeKeyPair();
  const root = { keys: rootKeys, name: `CN=Deskmate root CA ${fleet}` };
  const issuing = { keys: await makeKeyPair(), name: `CN=Deskmate issuing CA ${fleet}` };
  return {
    root: await files(rootKeys, await certify(root, root, nowMs + LIFETIME_MS.root)),
    issuing: await files(issuing.keys, await certify(issuing, root, nowMs + LIFETIME_MS.issuing)),
  };
}

/** Rejects when key and certificate do not belong together. */
export async function openAuthority({ cert, key }: AuthorityFiles): Promise<Authority> {
  const certificate = new X509Certificate(cert);
  const privateKey = await importPrivateKey(key);
  const probe = new Uint8Array(32);
  const signature = await crypto.subtle.sign(ALGORITHM, privateKey, probe);
  const publicKey = await certificate.publicKey.export(ALGORITHM, ['verify']);
  if (!(await crypto.subtle.verify(ALGORITHM, publicKey, signature, probe)))
    throw new Error(`${certificate.subject}: the key is of another certificate; restore its own`);
  return { certificate, key: privateKey };
}

interface Named {
  readonly keys: CryptoKeyPair;
  readonly name: string;
}

async function certify(subject: Named, issuer: Named, toMs: number): Promise<X509Certificate> {
  const isRoot = subject === issuer;
  const extensions: Extension[] = [
    new BasicConstraintsExtension(true, isRoot ? 1 : 0, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    await SubjectKeyIdentifierExtension.create(subject.keys.publicKey),
  ];
  return X509CertificateGenerator.create({
    serialNumber: newSerialNumber(),
    ...{ subject: subject.name, issuer: issuer.name },
    ...{ notBefore: new Date(NOT_BEFORE_MS), notAfter: new Date(toMs) },
    signingAlgorithm: ALGORITHM,
    ...{ publicKey: subject.keys.publicKey, signingKey: issuer.keys.privateKey },
    extensions,
  });
}

async function files({ privateKey }: CryptoKeyPair, cert: X509Certificate) {
  return { cert: cert.toString('pem'), key: await privateKeyPem(privateKey) };
}
