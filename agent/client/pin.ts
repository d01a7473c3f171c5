import { z } from 'zod';
import { AccessError } from './api.ts';
import { type BindingVault, type StoredBinding, StoredBindings } from './bindings.ts';
import type { ClientClock } from './client-clock.ts';
import type { KeyValueStore } from './key-value-store.ts';

const PLAIN = 'bindings';
const SEALED = 'bindings/sealed';
const DEVICE_HALF = 'bindings/device-half';
const TRIES = 'bindings/tries';

/** Wrong tries that cost no wait, then the wait after each further one, seconds. */
const FREE_TRIES = 3;
const WAITS_S = [5, 15, 60, 300, 900];

const Tries = z.strictObject({ wrong: z.int().nonnegative(), atMs: z.number() });
type Tries = z.infer<typeof Tries>;

export type PinProblem = 'wrongPin' | 'tooSoon' | 'badPin' | 'notSet' | 'alreadySet';

export class PinError extends Error {
  override readonly name = 'PinError';

  constructor(
    readonly kind: PinProblem,
    message: string,
    /** For `wrongPin` and `tooSoon`: milliseconds until the next try. */
    readonly waitMs = 0,
  ) {
    super(message);
  }
}

/**
 * The list of robots on a shared tablet, behind a PIN when one is set. Without the PIN it cannot be
 * read: it lies encrypted under the PIN and a key that cannot leave the device. Wrong tries are
 * counted on the store before they are judged, so closing the page does not undo one.
 */
export class PinLock implements BindingVault {
  private open: PinKey | undefined;

  constructor(
    private readonly store: KeyValueStore,
    private readonly clock: ClientClock,
  ) {}

  async isSet(): Promise<boolean> {
    return (await this.sealed()) !== undefined;
  }

  async isLocked(): Promise<boolean> {
    return this.open === undefined && (await this.isSet());
  }

  async set(pin: string): Promise<void> {
    if (await this.isSet()) throw new PinError('alreadySet', 'a PIN is set; use change');
    const bindings = await this.load();
    await this.sealUnder(pin, bindings);
    // Sealed first: were the page closed in between, the sealed list counts.
    await this.store.remove(PLAIN);
  }

  async unlock(pin: string): Promise<void> {
    const { key } = await this.try(pin);
    this.open = key;
    await this.store.remove(PLAIN);
  }

  /** Forgets the key: from now on nothing can be read until `unlock`. */
  lock(): void {
    this.open = undefined;
  }

  /**
   * For pages that let a pupil choose another PIN; those of this repository offer no such thing yet.
   * Counts as a try, as `unlock` does.
   */
  async change(pin: string, next: string): Promise<void> {
    checkPin(next);
    const { bindings } = await this.try(pin);
    await this.sealUnder(next, bindings);
  }

  /**
   * The list is open from then on: for a tablet that is handed over and keeps its robots. Where they
   * go too, a page empties the store. Counts as a try, as `unlock` does.
   */
  async remove(pin: string): Promise<void> {
    const { bindings } = await this.try(pin);
    await this.store.put(PLAIN, bindings);
    await this.store.remove(SEALED);
    this.open = undefined;
  }

  async load(): Promise<StoredBinding[]> {
    const sealed = await this.sealed();
    if (!sealed) return StoredBindings.safeParse(await this.store.get(PLAIN)).data ?? [];
    const bindings = this.open && (await unsealBindings(this.open, sealed));
    if (!bindings) throw new AccessError('locked', 'the PIN was not given yet');
    return bindings;
  }

  async save(bindings: StoredBinding[]): Promise<void> {
    if (this.open) return this.store.put(SEALED, await sealBindings(this.open, bindings));
    if (await this.isSet()) throw new AccessError('locked', 'the PIN was not given yet');
    return this.store.put(PLAIN, bindings);
  }

  private async try(pin: string): Promise<{ key: PinKey; bindings: StoredBinding[] }> {
    const sealed = await this.sealed();
    if (!sealed) throw new PinError('notSet', 'no PIN is set');
    const before = await this.tries();
    const waitMs = this.waitAfter(before);
    if (waitMs > 0) throw new PinError('tooSoon', 'too many wrong PINs', waitMs);
    const counted = { wrong: before.wrong + 1, atMs: this.clock.wall() };
    await this.store.put(TRIES, counted);
    const key = await derivePinKey(pin, await this.deviceHalf(), sealed.salt, sealed.rounds);
    const bindings = await unsealBindings(key, sealed);
    if (!bindings) throw new PinError('wrongPin', 'not the PIN', this.waitAfter(counted));
    await this.store.remove(TRIES);
    return { key, bindings };
  }

  private async sealUnder(pin: string, bindings: StoredBinding[]): Promise<void> {
    checkPin(pin);
    const key = await derivePinKey(pin, await this.deviceHalf());
    await this.store.put(SEALED, await sealBindings(key, bindings));
    this.open = key;
  }

  private waitAfter({ wrong, atMs }: Tries): number {
    if (wrong < FREE_TRIES) return 0;
    const waitMs = (WAITS_S[Math.min(wrong - FREE_TRIES, WAITS_S.length - 1)] ?? 0) * 1_000;
    return Math.max(0, waitMs - (this.clock.wall() - atMs));
  }

  private async sealed(): Promise<SealedBindings | undefined> {
    const kept = await this.store.get(SEALED);
    return kept === undefined ? undefined : SealedBindings.parse(kept);
  }

  private async tries(): Promise<Tries> {
    const kept = Tries.safeParse(await this.store.get(TRIES)).data ?? { wrong: 0, atMs: 0 };
    // A clock that was set back starts the wait anew, but not beyond its own length.
    if (kept.atMs <= this.clock.wall()) return kept;
    const restarted = { ...kept, atMs: this.clock.wall() };
    await this.store.put(TRIES, restarted);
    return restarted;
  }

  private async deviceHalf(): Promise<CryptoKey> {
    const kept = await this.store.get(DEVICE_HALF);
    if (kept instanceof CryptoKey) return kept;
    const made = await makeDeviceHalf();
    await this.store.put(DEVICE_HALF, made);
    return made;
  }
}

function checkPin(pin: string): void {
  if (!/^[0-9]{4,12}$/.test(pin)) throw new PinError('badPin', 'expected 4 to 12 digits');
}

/** OWASP password storage, 2023: 600,000 rounds of PBKDF2-HMAC-SHA256. About half a second. */
export const PBKDF2_ROUNDS = 600_000;

/** What lies on the store in place of the list. */
const SealedBindings = z.strictObject({
  version: z.literal(1),
  salt: z.instanceof(Uint8Array<ArrayBuffer>),
  rounds: z.number().int().min(1).max(10_000_000),
  /** 96 bits, new at each writing (NIST SP 800-38D). */
  iv: z.instanceof(Uint8Array<ArrayBuffer>),
  sealed: z.instanceof(Uint8Array<ArrayBuffer>),
});
type SealedBindings = z.infer<typeof SealedBindings>;

/** Opens and closes the list: the PIN's half and the device's half of a key put together. */
interface PinKey {
  readonly key: CryptoKey;
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly rounds: number;
}

/** The device's own half. It cannot be copied off the device, so the PIN cannot be guessed elsewhere. */
function makeDeviceHalf(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign']);
}

/** A PIN has little to guess, so the salt and the slow hash only help together with `deviceHalf`. */
async function derivePinKey(
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

async function sealBindings(
  { key, salt, rounds }: PinKey,
  bindings: StoredBinding[],
): Promise<SealedBindings> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(bindings));
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, plain));
  return { version: 1, salt, rounds, iv, sealed };
}

/** Undefined when the key, and so the PIN, is wrong. */
async function unsealBindings(
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
