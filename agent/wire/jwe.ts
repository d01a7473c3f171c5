/**
 * Encryption to one recipient: compact JWE (RFC 7516), ECDH-ES and A256GCM only. Carries bind
 * tokens to the robot, so that the broker never sees the invitation's secret, and relay credentials
 * to the pupil's device.
 */
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader, importJWK } from 'jose';
import { z } from 'zod';
import { PublicJwk } from './signalling.ts';
import { publicJwk } from './token.ts';

export const JWE_ALG = 'ECDH-ES';
const JWE_ENC = 'A256GCM';

/** Strict, so that `zip` (a small JWE that inflates to a large one) and others have no effect. */
const Header = z.strictObject({
  alg: z.literal(JWE_ALG),
  enc: z.literal(JWE_ENC),
  cty: z.enum(['JWT', 'json']),
  epk: PublicJwk,
});

/** `JWT`: a signed token. `json`: authenticated by the message that carries it. */
export type JweContent = z.infer<typeof Header>['cty'];

/** A key pair for one JWE; the private key can only decrypt. */
export async function makeJweKeyPair(): Promise<{ privateKey: CryptoKey; jwk: PublicJwk }> {
  const ecdh = { name: 'ECDH', namedCurve: 'P-256' };
  const pair = await crypto.subtle.generateKey(ecdh, false, ['deriveBits']);
  const jwk = publicJwk(await crypto.subtle.exportKey('jwk', pair.publicKey));
  return { privateKey: pair.privateKey, jwk };
}

export async function encryptJwe(
  encryptionKey: PublicJwk,
  text: string,
  cty: JweContent = 'JWT',
): Promise<string> {
  const key = await importJWK(encryptionKey, JWE_ALG);
  return new CompactEncrypt(new TextEncoder().encode(text))
    .setProtectedHeader({ alg: JWE_ALG, enc: JWE_ENC, cty })
    .encrypt(key);
}

/** The plaintext, or undefined when this is no JWE of that type to the holder of `key`. */
export async function decryptJwe(
  key: CryptoKey,
  jwe: string,
  cty: JweContent = 'JWT',
): Promise<string | undefined> {
  try {
    if (Header.safeParse(decodeProtectedHeader(jwe)).data?.cty !== cty) return undefined;
    const { plaintext } = await compactDecrypt(jwe, key, {
      keyManagementAlgorithms: [JWE_ALG],
      contentEncryptionAlgorithms: [JWE_ENC],
    });
    return new TextDecoder('utf-8', { fatal: true }).decode(plaintext);
  } catch {
    return undefined;
  }
}
