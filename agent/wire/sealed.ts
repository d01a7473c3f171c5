/**
 * What only one reader can open: compact JWE (RFC 7516), ECDH-ES and A256GCM and nothing else. A
 * bind token travels to the robot in here, so that the broker never sees the invitation's secret,
 * and relay credentials travel to the pupil's device.
 */
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader, importJWK } from 'jose';
import { z } from 'zod';
import { PublicJwk } from './signalling.ts';
import { publicJwk } from './token.ts';

export const SEAL_ALG = 'ECDH-ES';
const SEAL_ENC = 'A256GCM';

/** Exact, so that `zip` (a small letter that unpacks to a large one) and others have no say. */
const Header = z.strictObject({
  alg: z.literal(SEAL_ALG),
  enc: z.literal(SEAL_ENC),
  cty: z.enum(['JWT', 'json']),
  epk: PublicJwk,
});

/** `JWT`: a signed token. `json`: what is authentic by what it is carried in. */
export type SealedContent = z.infer<typeof Header>['cty'];

/** A key pair for one letter; the private half can only open. */
export async function makeOpener(): Promise<{ opener: CryptoKey; jwk: PublicJwk }> {
  const ecdh = { name: 'ECDH', namedCurve: 'P-256' };
  const pair = await crypto.subtle.generateKey(ecdh, false, ['deriveBits']);
  const jwk = publicJwk(await crypto.subtle.exportKey('jwk', pair.publicKey));
  return { opener: pair.privateKey, jwk };
}

export async function seal(
  encryptionKey: PublicJwk,
  text: string,
  cty: SealedContent = 'JWT',
): Promise<string> {
  const key = await importJWK(encryptionKey, SEAL_ALG);
  return new CompactEncrypt(new TextEncoder().encode(text))
    .setProtectedHeader({ alg: SEAL_ALG, enc: SEAL_ENC, cty })
    .encrypt(key);
}

/** The text inside, or undefined when this is no letter of that kind to the holder of `key`. */
export async function unseal(
  key: CryptoKey,
  letter: string,
  cty: SealedContent = 'JWT',
): Promise<string | undefined> {
  try {
    if (Header.safeParse(decodeProtectedHeader(letter)).data?.cty !== cty) return undefined;
    const { plaintext } = await compactDecrypt(letter, key, {
      keyManagementAlgorithms: [SEAL_ALG],
      contentEncryptionAlgorithms: [SEAL_ENC],
    });
    return new TextDecoder('utf-8', { fatal: true }).decode(plaintext);
  } catch {
    return undefined;
  }
}
