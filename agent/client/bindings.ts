import { z } from 'zod';
import { Invitation } from '../wire/invitation.ts';
import { freshPeerId, hashToken, publicJwk, type Signer } from '../wire/token.ts';
import { AccessError, type Binding } from './api.ts';
import type { ClientClock } from './client-clock.ts';
import type { KeyValueStore } from './key-value-store.ts';
import { type OpenTransport, openSignalling } from './signalling-connection.ts';

/** A robot this device may enter, with the random id its key is kept under. */
export const StoredBinding = z.looseObject({
  ...Invitation.pick({ robot: true, robotKey: true, broker: true }).shape,
  keyId: z.string().regex(/^[0-9a-f]{32}$/),
});
export type StoredBinding = z.infer<typeof StoredBinding>;

/** The list as a whole: what the PIN lock encrypts. */
export const StoredBindings = z.array(StoredBinding).max(64);

/** Where the list is kept, in the open or behind a PIN. */
export interface BindingVault {
  /** Rejects with AccessError `locked` when a PIN stands before it. */
  load(): Promise<StoredBinding[]>;
  save(bindings: StoredBinding[]): Promise<void>;
}

const NAME = (id: string): string => `key/${id}`;

/**
 * The device's signing keys, one a robot, so that two robots (or a broker) cannot tell that they
 * serve the same pupil. Each is made here, cannot be exported, and is kept under a random id that
 * says nothing about the robot.
 */
export class DeviceKeys {
  constructor(private readonly store: KeyValueStore) {}

  async make(): Promise<Signer> {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    // `extractable` false holds for the private key; a public key can always be exported.
    const pair = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
    return { key: pair.privateKey, jwk: publicJwk(await exportJwk(pair.publicKey)) };
  }

  async keep(id: string, signer: Signer): Promise<void> {
    await this.store.put(NAME(id), signer);
  }

  async find(id: string): Promise<Signer | undefined> {
    const kept = await this.store.get(NAME(id));
    return isSigner(kept) ? kept : undefined;
  }

  remove(id: string): Promise<void> {
    return this.store.remove(NAME(id));
  }
}

function exportJwk(key: CryptoKey): Promise<JsonWebKey> {
  return crypto.subtle.exportKey('jwk', key);
}

function isSigner(kept: unknown): kept is Signer {
  return typeof kept === 'object' && kept !== null && 'key' in kept && 'jwk' in kept;
}

/** The key made for an invitation whose answer has not come yet. */
const PENDING = 'pending';
const Pending = z.strictObject({ invitation: z.string(), keyId: z.string() });

interface BinderParts {
  readonly store: KeyValueStore;
  readonly keys: DeviceKeys;
  readonly vault: BindingVault;
  readonly clock: ClientClock;
  readonly openTransport: OpenTransport;
}

/** Turns invitations into bindings, and keeps the list of them. */
export class Binder {
  constructor(private readonly parts: BinderParts) {}

  async bind(invitation: Invitation): Promise<Binding> {
    // Without https (or localhost) a browser has no WebCrypto, and all below would fail oddly.
    if (!globalThis.crypto?.subtle)
      throw new AccessError('failed', 'no WebCrypto: open this page over https or from localhost');
    const { vault, keys } = this.parts;
    // Asked first: an invitation must not be used up and then have no place to be kept.
    const others = (await vault.load()).filter((one) => one.robot !== invitation.robot);
    const { robot, robotKey, broker } = invitation;
    const binding = { robot, robotKey, broker };
    const { keyId, signer } = await this.keyFor(invitation);
    const signalling = await openSignalling(
      this.parts.openTransport,
      this.parts.clock,
      binding,
      freshPeerId(),
    );
    try {
      await signalling.handshake.bind(
        signer,
        await signalling.handshake.challenge(),
        invitation.secret,
      );
    } finally {
      signalling.close();
    }
    const replaced = (await vault.load()).filter((one) => one.robot === robot);
    // What a newer page has written of this robot stays with it.
    await vault.save([...others, { ...replaced[0], ...binding, keyId }]);
    await this.parts.store.remove(PENDING);
    await Promise.all(replaced.map((old) => keys.remove(old.keyId)));
    return binding;
  }

  async list(): Promise<Binding[]> {
    const stored = await this.parts.vault.load();
    return stored.map(({ robot, robotKey, broker }) => ({ robot, robotKey, broker }));
  }

  async forget(robot: string): Promise<void> {
    const { vault, keys } = this.parts;
    const stored = await vault.load();
    await vault.save(stored.filter((one) => one.robot !== robot));
    await Promise.all(
      stored.filter((one) => one.robot === robot).map((one) => keys.remove(one.keyId)),
    );
  }

  /** The key that the robot knows this device by. */
  async signerFor({ robot, robotKey }: Binding): Promise<Signer> {
    const stored = await this.parts.vault.load();
    const found = stored.find((one) => one.robot === robot && one.robotKey === robotKey);
    const signer = found && (await this.keyOf(found));
    if (!signer) throw new AccessError('notBound', `no key for robot ${robot} on this device`);
    return signer;
  }

  private keyOf({ keyId }: StoredBinding): Promise<Signer | undefined> {
    return this.parts.keys.find(keyId);
  }

  /**
   * The same key for the same invitation, until the answer is there: when it was lost on the way,
   * the robot recognises the key and answers again. What is kept is the invitation's hash.
   */
  private async keyFor(invitation: Invitation): Promise<{ keyId: string; signer: Signer }> {
    const { store, keys } = this.parts;
    const hash = await hashToken(invitation.secret);
    const pending = Pending.safeParse(await store.get(PENDING)).data;
    const kept = pending?.invitation === hash ? await keys.find(pending.keyId) : undefined;
    if (pending && kept) return { keyId: pending.keyId, signer: kept };
    if (pending) await keys.remove(pending.keyId);
    const keyId = freshPeerId();
    const signer = await keys.make();
    await keys.keep(keyId, signer);
    await store.put(PENDING, { invitation: hash, keyId });
    return { keyId, signer };
  }
}
