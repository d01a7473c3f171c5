import { exportJWK, generateKeyPair, importJWK } from 'jose';
import { z } from 'zod';
import { enveloped } from '../../hal/common/envelope.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { expectShape } from '../state/parsing.ts';
import { StateFile, StateUnreadable } from '../state/state-file.ts';
import { decryptJwe, JWE_ALG, type JweContent } from '../wire/jwe.ts';
import { PublicJwk } from '../wire/signalling.ts';
import {
  publicJwk,
  SIGNATURE_ALG,
  type Signer,
  signToken,
  type TokenType,
  thumbprint,
} from '../wire/token.ts';
import { AccessFault } from './access-fault.ts';

/**
 * Private keys as JWK. For this file's sake the storage driver makes files readable by the agent's
 * own user only (mode 0600 in a folder of mode 0700).
 */
export const KEYS_FILE = 'robot-keys.json';

/**
 * 32 bytes have one canonical base64url encoding: of the last character only the upper four bits
 * count. Another encoding would be the same key with another thumbprint, by which pupils know it.
 */
const isCanonical = (text: string): boolean =>
  Buffer.from(text, 'base64url').toString('base64url') === text;

const PrivateJwk = PublicJwk.extend({ d: z.string().regex(/^[A-Za-z0-9_-]{43}$/) }).refine(
  ({ x, y, d }) => [x, y, d].every(isCanonical),
  'expected 32 bytes in base64url',
);
type PrivateJwk = z.infer<typeof PrivateJwk>;
const Pair = z.looseObject({ signing: PrivateJwk, encryption: PrivateJwk });
/** Fields that a newer version adds are kept. */
const KeyFile = z.looseObject({
  version: z.number().int().min(1),
  signing: PrivateJwk,
  encryption: PrivateJwk,
  /** Made, and not in use yet: the audit log names it first. */
  next: Pair.exactOptional(),
});
type KeyFile = z.infer<typeof KeyFile>;

/** The robot's two P-256 keys: one signs (ES256), the other decrypts JWEs (ECDH-ES). */
export class RobotKeys {
  private constructor(
    /** For the audit log, receipts and the robot's identity. */
    readonly signer: Signer,
    /** RFC 7638 thumbprint of the signing key, which invitations pin. */
    readonly signingThumbprint: string,
    private readonly privateKey: CryptoKey,
    readonly encryptionJwk: PublicJwk,
  ) {}

  /**
   * The stored keys, or new ones at the very first start, on disk before they are used. Every pupil
   * knows the robot by its signing key, so unreadable keys are not replaced (AccessFault
   * `brokenRecords`), unless `unknown` returns true: nobody knows them.
   */
  static async open(storage: Storage, log: Log, unknown: () => boolean): Promise<RobotKeys> {
    const loaded = await keyFile(storage, log)
      .load()
      .catch((error: unknown) => {
        throw error instanceof StateUnreadable ? unreadableKeys(error.message) : error;
      });
    if ('value' in loaded) return RobotKeys.from(loaded.value);
    if (loaded.from === 'newer') throw newerKeys(loaded.why);
    if (loaded.from === 'damaged') {
      if (!unknown()) throw brokenKeys(loaded.why);
      log.warn({ file: KEYS_FILE }, 'the keys were damaged, and nobody knew them: new ones');
    }
    return RobotKeys.renew(storage, log);
  }

  /**
   * Makes the keys that `renew` will put in use, on disk, and returns the signing key's thumbprint.
   * Where there are some already, those.
   */
  static async prepare(storage: Storage, log: Log): Promise<string> {
    const disk = keyFile(storage, log);
    const loaded = await disk.load();
    if (!('value' in loaded)) throw brokenKeys('no keys to replace');
    const next = loaded.value.next ?? (await makeKeys());
    if (!loaded.value.next) await disk.save({ ...loaded.value, next });
    return thumbprint(publicJwk(next.signing));
  }

  /** Replaces both keys. Devices that pinned the old signing key must be invited anew. */
  static async renew(storage: Storage, log: Log): Promise<RobotKeys> {
    const disk = keyFile(storage, log);
    // Nothing to keep of a file that cannot be read.
    const loaded = await disk.load().catch(() => undefined);
    const before = loaded && 'value' in loaded ? loaded.value : { version: 1 };
    const { next, ...rest } = before as KeyFile;
    const { signing, encryption } = next ?? (await makeKeys());
    const file: KeyFile = { ...rest, signing, encryption };
    await disk.save(file);
    return RobotKeys.from(file);
  }

  private static async from(file: KeyFile): Promise<RobotKeys> {
    const signingJwk = publicJwk(file.signing);
    const key = await importPrivate(file.signing, SIGNATURE_ALG);
    const privateKey = await importPrivate(file.encryption, JWE_ALG);
    const name = await thumbprint(signingJwk);
    return new RobotKeys({ key, jwk: signingJwk }, name, privateKey, publicJwk(file.encryption));
  }

  sign(typ: TokenType, payload: object): Promise<string> {
    return signToken(this.signer, typ, payload);
  }

  /** The plaintext of a JWE of this content to this robot, or undefined when it is not one. */
  decrypt(jwe: string, content: JweContent = 'JWT'): Promise<string | undefined> {
    return decryptJwe(this.privateKey, jwe, content);
  }
}

async function makeKeys(): Promise<z.infer<typeof Pair>> {
  return { signing: await makeKey(SIGNATURE_ALG), encryption: await makeKey(JWE_ALG) };
}

async function makeKey(alg: string): Promise<PrivateJwk> {
  const options = alg === JWE_ALG ? { crv: 'P-256', extractable: true } : { extractable: true };
  const { privateKey } = await generateKeyPair(alg, options);
  const { kty, crv, x, y, d } = await exportJWK(privateKey);
  return PrivateJwk.parse({ kty, crv, x, y, d });
}

/** Not extractable once imported: the private key can only leak through the file. */
async function importPrivate(jwk: PrivateJwk, alg: string): Promise<CryptoKey> {
  try {
    const key = await importJWK(jwk, alg, { extractable: false });
    if (key instanceof Uint8Array) throw new TypeError('not an asymmetric key');
    return key;
  } catch {
    throw new Error('the key is not a point on P-256 with its private half');
  }
}

function keyFile(storage: Storage, log: Log): StateFile<KeyFile> {
  return new StateFile(storage, log, KEYS_FILE, {
    schema: enveloped('robot-keys'),
    read: async (fields) => {
      const file = expectShape(KeyFile, fields);
      await importPrivate(file.signing, SIGNATURE_ALG);
      await importPrivate(file.encryption, JWE_ALG);
      return { value: file, strange: 0 };
    },
    write: (file) => file,
  });
}

function brokenKeys(why: string): AccessFault {
  return new AccessFault(
    'brokenRecords',
    `${KEYS_FILE}: ${why}. Pupils know the robot by these keys, so nobody is let in without them. Put the file back from a copy (what was damaged is beside it, as .corrupt-1), or remove all of ${KEYS_FILE}*: the robot then makes new keys and every pupil needs a new invitation.`,
  );
}

function newerKeys(why: string): AccessFault {
  return new AccessFault(
    'brokenRecords',
    `${KEYS_FILE}: ${why}. It was kept for that version, as .newer-1, and nobody is let in without it. Install that version again, or remove all of ${KEYS_FILE}*: the robot then makes new keys and every pupil needs a new invitation.`,
  );
}

function unreadableKeys(why: string): AccessFault {
  return new AccessFault(
    'brokenRecords',
    `${why}. Nobody is let in until the disk gives the robot's keys; it is tried again.`,
  );
}
