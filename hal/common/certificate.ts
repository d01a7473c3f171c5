/** Certificates of our own: X.509 v3, ECDSA P-256 with SHA-256 (RFC 5280, RFC 5758). */
import 'reflect-metadata';
import { isIP } from 'node:net';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** When it is valid, milliseconds since 1970-01-01 UTC. */
interface Validity {
  readonly fromMs: number;
  readonly toMs: number;
}

/** ECDSA with P-256 and SHA-256 (RFC 5758). */
export const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** For a server, which vouches for itself. `names`: DNS names and addresses that it goes by. */
export async function selfSigned(
  commonName: string,
  names: readonly string[],
  validity: Validity,
): Promise<Certificate> {
  const keys = await makeKeyPair();
  return pem(keys, await sign(commonName, validity, [alternatives(names)], keys));
}

/** Vouches for servers. */
export class Authority {
  private constructor(
    private readonly keys: CryptoKeyPair,
    private readonly certificate: X509Certificate,
    private readonly validity: Validity,
  ) {}

  static async make(commonName: string, validity: Validity): Promise<Authority> {
    const keys = await makeKeyPair();
    const extensions = [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
    ];
    return new Authority(keys, await sign(commonName, validity, extensions, keys), validity);
  }

  /** PEM. */
  get cert(): string {
    return this.certificate.toString('pem');
  }

  /** For a server, as long as the authority's own. */
  async issue(commonName: string, names: readonly string[]): Promise<Certificate> {
    const keys = await makeKeyPair();
    const usage = new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]);
    const extensions = [alternatives(names), usage];
    const issuer = { keys: this.keys, name: this.certificate.subject };
    return pem(keys, await sign(commonName, this.validity, extensions, keys, issuer));
  }
}

/** A new key pair, extractable: its private half is written to the holder's own disk. */
export const makeKeyPair = (): Promise<CryptoKeyPair> =>
  crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

function sign(
  commonName: string,
  { fromMs, toMs }: Validity,
  extensions: Extension[],
  keys: CryptoKeyPair,
  issuer = { keys, name: `CN=${commonName}` },
): Promise<X509Certificate> {
  return X509CertificateGenerator.create({
    serialNumber: newSerialNumber(),
    subject: `CN=${commonName}`,
    issuer: issuer.name,
    notBefore: new Date(fromMs),
    notAfter: new Date(toMs),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    extensions,
  });
}

/** 16 random bytes (RFC 5280, 4.1.2.2); a first bit of 1 would make it negative, a first byte of 0 would be one too many. */
export function newSerialNumber(): string {
  const bytes = crypto.getRandomValues(Buffer.alloc(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

const alternatives = (names: readonly string[]): Extension =>
  new SubjectAlternativeNameExtension(
    names.map((value) => ({ type: isIP(value) ? 'ip' : 'dns', value }) as const),
  );

/** PKCS #8 PEM. */
export async function privateKeyPem(key: CryptoKey): Promise<string> {
  return PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

async function pem({ privateKey }: CryptoKeyPair, certificate: X509Certificate) {
  return { key: await privateKeyPem(privateKey), cert: certificate.toString('pem') };
}
