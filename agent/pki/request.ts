/** Certificate signing requests (PKCS #10, RFC 2986): made by the robot, examined by the issuer. */
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  Pkcs10CertificateRequest,
  Pkcs10CertificateRequestGenerator,
  type PublicKey,
} from '@peculiar/x509';
import { ALGORITHM } from '../../hal/common/certificate.ts';
import { commonNameOf, type Holder } from './names.ts';

/** A request with a P-256 key is about 400 bytes of PEM. */
export const MAX_REQUEST_BYTES = 4_096;

export type RequestRefusal =
  /** Longer than MAX_REQUEST_BYTES. */
  | 'tooLong'
  /** Not a PEM certificate signing request. */
  | 'malformed'
  /** Names somebody else than the holder, or more than the holder. */
  | 'otherName'
  /** Not a key for ECDSA P-256. */
  | 'keyType'
  /** Asks for an authority's certificate. */
  | 'authority'
  /** Not signed by the key in it. */
  | 'signature';

export type ExaminedRequest =
  | { readonly ok: true; readonly publicKey: PublicKey }
  | { readonly ok: false; readonly reason: RequestRefusal };

/** PEM. The private key stays with the caller. */
export async function createRequest(holder: Holder, keys: CryptoKeyPair): Promise<string> {
  const request = await Pkcs10CertificateRequestGenerator.create({
    ...{ name: `CN=${commonNameOf(holder)}`, keys, signingAlgorithm: ALGORITHM },
  });
  return request.toString('pem');
}

/** Never throws. Nothing but name and key is taken from a request; other wishes are not read. */
export async function examineRequest(pem: string, holder: Holder): Promise<ExaminedRequest> {
  if (pem.length > MAX_REQUEST_BYTES) return { ok: false, reason: 'tooLong' };
  try {
    return await examine(new Pkcs10CertificateRequest(bare(pem)), holder);
  } catch {
    return { ok: false, reason: 'malformed' };
  }
}

async function examine(
  request: Pkcs10CertificateRequest,
  holder: Holder,
): Promise<ExaminedRequest> {
  if (request.subject !== `CN=${commonNameOf(holder)}`) return { ok: false, reason: 'otherName' };
  const { publicKey } = request;
  const { name, namedCurve } = publicKey.algorithm as { name: string; namedCurve?: string };
  if (name !== ALGORITHM.name || namedCurve !== ALGORITHM.namedCurve)
    return { ok: false, reason: 'keyType' };
  if (request.extensions.some((one) => one instanceof BasicConstraintsExtension && one.ca))
    return { ok: false, reason: 'authority' };
  if (!(await request.verify())) return { ok: false, reason: 'signature' };
  return { ok: true, publicKey };
}

/** Only a PEM block of the right kind: the library would also take hex and base64. */
function bare(pem: string): string {
  const text = pem.trim();
  if (!/^-----BEGIN (NEW )?CERTIFICATE REQUEST-----\s/.test(text)) throw new Error('not PEM');
  return text;
}
