/** Secrets of the fleet on disk: as they are, or encrypted by a passphrase. */
import { CompactEncrypt, compactDecrypt } from 'jose';

/** Shorter ones are guessed in days. Characters. */
export const LEAST_PASSPHRASE = 12;
/** PBKDF2 with HMAC-SHA-512: about 0.1 s for each guess. */
const ITERATIONS = 210_000;
const ALG = 'PBES2-HS512+A256KW';
const ENC = 'A256GCM';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Compact JWE (RFC 7516) with PBES2 (RFC 7518, 4.8). */
export function lock(secret: string, passphrase: string): Promise<string> {
  return new CompactEncrypt(bytesOf(secret))
    .setProtectedHeader({ alg: ALG, enc: ENC })
    .setKeyManagementParameters({ p2c: ITERATIONS })
    .encrypt(bytesOf(passphrase.normalize('NFC')));
}

/** Neither JSON nor PEM begins like the header of a JWE. */
export const isLocked = (text: string): boolean => text.startsWith('eyJ');

/** Undefined: the passphrase is another one, or the text was changed. */
export async function unlock(locked: string, passphrase: string): Promise<string | undefined> {
  try {
    const { plaintext } = await compactDecrypt(
      locked.trim(),
      bytesOf(passphrase.normalize('NFC')),
      {
        keyManagementAlgorithms: [ALG],
        contentEncryptionAlgorithms: [ENC],
        maxPBES2Count: ITERATIONS,
      },
    );
    return new TextDecoder('utf-8', { fatal: true }).decode(plaintext);
  } catch {
    return undefined;
  }
}
