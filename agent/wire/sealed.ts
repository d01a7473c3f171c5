/**
 * A bind token inside a letter that only the robot can open: compact JWE (RFC 7516), ECDH-ES and
 * A256GCM and nothing else. The invitation's secret travels in here, so the broker never sees it.
 */
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader, importJWK } from 'jose';
import { z } from 'zod';
import { PublicJwk } from './signalling.ts';

export const SEAL_ALG = 'ECDH-ES';
const SEAL_ENC = 'A256GCM';

/** Exact, so that `zip` (a small letter that unpacks to a large one) and others have no say. */
const Header = z.strictObject({
  alg: z.literal(SEAL_ALG),
  enc: z.literal(SEAL_ENC),
  cty: z.literal('JWT'),
  epk: PublicJwk,
});

export async function seal(encryptionKey: PublicJwk, token: string): Promise<string> {
  const key = await importJWK(encryptionKey, SEAL_ALG);
  return new CompactEncrypt(new TextEncoder().encode(token))
    .setProtectedHeader({ alg: SEAL_ALG, enc: SEAL_ENC, cty: 'JWT' })
    .encrypt(key);
}

/** The token inside, or undefined when this is no letter to the holder of `key`. */
export async function unseal(key: CryptoKey, letter: string): Promise<string | undefined> {
  try {
    if (!Header.safeParse(decodeProtectedHeader(letter)).success) return undefined;
    const { plaintext } = await compactDecrypt(letter, key, {
      keyManagementAlgorithms: [SEAL_ALG],
      contentEncryptionAlgorithms: [SEAL_ENC],
    });
    return new TextDecoder('utf-8', { fatal: true }).decode(plaintext);
  } catch {
    return undefined;
  }
}
