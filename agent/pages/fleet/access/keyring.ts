/**
 * The person's key on this device: an ES256 key that can sign and cannot be taken out again, in the
 * browser's own database, beside the grants that name it.
 */
import { z } from 'zod';
import { PublicJwk } from '../../../wire/signalling.ts';
import { publicJwk, type Signer } from '../../../wire/token.ts';

const DATABASE = 'deskmate-fleet';
const STORE = 'person';
const ES256 = { name: 'ECDSA', namedCurve: 'P-256' };

const Stored = z.looseObject({
  key: z.custom<CryptoKey>((value) => value instanceof CryptoKey && !value.extractable),
  jwk: PublicJwk,
  chain: z.array(z.string()).max(4),
});

export interface KeptPerson {
  readonly signer: Signer;
  /** Empty until a grant came. */
  readonly chain: readonly string[];
}

/** As `deskmate key new` writes it. */
const KeyFile = z.looseObject({
  version: z.literal(1),
  signing: z.looseObject({ ...PublicJwk.shape, d: z.string().max(100) }),
});

/** Methods reject where the browser keeps nothing (a private window). */
export class Keyring {
  constructor(private readonly databases: IDBFactory) {}

  async person(): Promise<KeptPerson | undefined> {
    const found = Stored.safeParse(await this.run('readonly', (store) => store.get('me'))).data;
    return found && { signer: { key: found.key, jwk: found.jwk }, chain: found.chain };
  }

  async makeKey(): Promise<KeptPerson> {
    const pair = await crypto.subtle.generateKey(ES256, false, ['sign', 'verify']);
    const jwk = publicJwk(await crypto.subtle.exportKey('jwk', pair.publicKey));
    return this.keep({ signer: { key: pair.privateKey, jwk }, chain: [] });
  }

  /** A key file of the command; undefined: it is none. The file is not needed here again. */
  async importKey(text: string): Promise<KeptPerson | undefined> {
    const signer = await readKeyFile(text);
    return signer && this.keep({ signer, chain: [] });
  }

  async keepChain(person: KeptPerson, chain: readonly string[]): Promise<KeptPerson> {
    return this.keep({ ...person, chain });
  }

  async forget(): Promise<void> {
    await this.run('readwrite', (store) => store.delete('me'));
  }

  private async keep(person: KeptPerson): Promise<KeptPerson> {
    const { signer, chain } = person;
    const value = { key: signer.key, jwk: signer.jwk, chain: [...chain] };
    await this.run('readwrite', (store) => store.put(value, 'me'));
    return person;
  }

  private async run(
    mode: IDBTransactionMode,
    act: (store: IDBObjectStore) => IDBRequest,
  ): Promise<unknown> {
    const opening = this.databases.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    const database = (await settled(opening)) as IDBDatabase;
    try {
      return await settled(act(database.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      database.close();
    }
  }
}

/** Not extractable; undefined for what is no key file. */
export async function readKeyFile(text: string): Promise<Signer | undefined> {
  try {
    const { signing } = KeyFile.parse(JSON.parse(text));
    const { kty, crv, x, y, d } = signing;
    const key = await crypto.subtle.importKey('jwk', { kty, crv, x, y, d }, ES256, false, ['sign']);
    return { key, jwk: publicJwk({ kty, crv, x, y }) };
  } catch {
    return undefined;
  }
}

const settled = (request: IDBRequest): Promise<unknown> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the database did not answer'));
  });
