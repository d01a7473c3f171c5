import { publicJwk, type Signer } from '../wire/token.ts';
import type { Shelf } from './shelf.ts';

const NAME = (id: string): string => `key/${id}`;

/**
 * The device's signing keys, one a robot, so that two robots (or a broker) cannot tell that they
 * serve the same pupil. Each is made here, cannot be exported, and is kept under a random id that
 * says nothing about the robot.
 */
export class DeviceKeys {
  constructor(private readonly shelf: Shelf) {}

  async make(): Promise<Signer> {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    // `extractable` false holds for the private key; a public key can always be exported.
    const pair = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
    return { key: pair.privateKey, jwk: publicJwk(await exportJwk(pair.publicKey)) };
  }

  async keep(id: string, signer: Signer): Promise<void> {
    await this.shelf.put(NAME(id), signer);
  }

  async find(id: string): Promise<Signer | undefined> {
    const kept = await this.shelf.get(NAME(id));
    return isSigner(kept) ? kept : undefined;
  }

  remove(id: string): Promise<void> {
    return this.shelf.remove(NAME(id));
  }
}

function exportJwk(key: CryptoKey): Promise<JsonWebKey> {
  return crypto.subtle.exportKey('jwk', key);
}

function isSigner(kept: unknown): kept is Signer {
  return typeof kept === 'object' && kept !== null && 'key' in kept && 'jwk' in kept;
}
