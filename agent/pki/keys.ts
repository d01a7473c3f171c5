/** Keys and lifetimes of the fleet's certificates. */
import 'reflect-metadata';
import { PemConverter } from '@peculiar/x509';
import { ALGORITHM } from '../../hal/common/certificate.ts';

const DAY_MS = 86_400_000;
/**
 * Every certificate is valid from 1970 on, so that a robot whose clock starts there still accepts
 * the broker's. Milliseconds since 1970.
 */
export const NOT_BEFORE_MS = 0;
/** How long certificates are valid after they were issued. */
export const LIFETIME_MS = {
  root: 20 * 365 * DAY_MS,
  issuing: 10 * 365 * DAY_MS,
  server: 2 * 365 * DAY_MS,
  client: 365 * DAY_MS,
} as const;

/** From unencrypted PKCS #8 PEM. Rejects when it is not a P-256 key. */
export function importPrivateKey(pem: string): Promise<CryptoKey> {
  const der = PemConverter.decodeFirst(pem);
  return crypto.subtle.importKey('pkcs8', der, ALGORITHM, true, ['sign']);
}
