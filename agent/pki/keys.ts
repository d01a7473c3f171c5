/** Keys and signatures of the fleet's certificates: ECDSA P-256 with SHA-256 (RFC 5758). */
import 'reflect-metadata';
import { PemConverter } from '@peculiar/x509';

export const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

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

/** A new key pair, extractable: its private half is written to the holder's own disk. */
export function makeKeyPair(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

/** PKCS #8 PEM. */
export async function privateKeyPem(key: CryptoKey): Promise<string> {
  return PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

/** From unencrypted PKCS #8 PEM. Rejects when it is not a P-256 key. */
export function importPrivateKey(pem: string): Promise<CryptoKey> {
  const der = PemConverter.decodeFirst(pem);
  return crypto.subtle.importKey('pkcs8', der, ALGORITHM, true, ['sign']);
}

/** 16 random bytes; positive, and without a leading zero (RFC 5280, 4.1.2.2). */
export function newSerialNumber(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
