import { z } from 'zod';
import { type StoredBinding, StoredBindings } from './bindings.ts';

/** OWASP password storage, 2023: 600,000 rounds of PBKDF2-HMAC-SHA256. About half a second. */
export const PBKDF2_ROUNDS = 600_000;

/** What lies on the shelf in place of the list. */
export const SealedBindings = z.strictObject({
  version: z.literal(1),
  salt: z.instanceof(Uint8Array<ArrayBuffer>),
  rounds: z.number().int().min(1).max(10_000_000),
  /** 96 bits, new at each writing (NIST SP 800-38D). */
  iv: z.instanceof(Uint8Array<ArrayBuffer>),
  sealed: z.instanceof(Uint8Array<ArrayBuffer>),
});
export type SealedBindings = z.infer<typeof SealedBindings>;

/** Opens and closes the list: the PIN's half and the device's half of a key put together. */
export interface PinKey {
  readonly key: CryptoKey;
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly rounds: number;
}

/** The device's own half. It cannot be copied off the device, so the PIN cannot be guessed elsewhere. */
export function makeDeviceHalf(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign']);
}

/** A PIN has little to guess, so the salt and the slow hash only help together with `deviceHalf`. */
export async function derivePinKey(
  pin: string,
  deviceHalf: CryptoKey,
  salt: Uint8Array<ArrayBuffer> = crypto.getRandomValues(new Uint8Array(16)),
  rounds = PBKDF2_ROUNDS,
): Promise<PinKey> {
  const password = await crypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(pin),
    'PBKDF2',
    false,
    ['deriveBits'],
  );
  const kdf = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds };
  const slow = await crypto.subtle.deriveBits(kdf, password, 256);
  const mixed = await crypto.subtle.sign('HMAC', deviceHalf, slow);
  const key = await crypto.subtle.importKey('raw', mixed, 'AES-GCM', false, ['encrypt', 'decrypt']);
  return { key, salt, rounds };
}

export async function sealBindings(
  { key, salt, rounds }: PinKey,
  bindings: StoredBinding[],
): Promise<SealedBindings> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(bindings));
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, plain));
  return { version: 1, salt, rounds, iv, sealed };
}

/** Undefined when the key, and so the PIN, is wrong. */
export async function unsealBindings(
  { key }: PinKey,
  { iv, sealed }: SealedBindings,
): Promise<StoredBinding[] | undefined> {
  try {
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed);
    return StoredBindings.parse(JSON.parse(new TextDecoder().decode(plain)));
  } catch {
    return undefined;
  }
}
