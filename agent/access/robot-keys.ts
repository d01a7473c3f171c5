import { exportJWK, generateKeyPair, importJWK } from 'jose';
import { z } from 'zod';
import type { Storage } from '../../hal/ports/storage.ts';
import { SEAL_ALG, unseal } from '../wire/sealed.ts';
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
 * Private keys as JWK. The storage driver keeps its files readable by the agent's own user alone
 * (mode 0600 in a folder of mode 0700): this file is why.
 */
export const KEYS_FILE = 'robot-keys.json';

const PrivateJwk = PublicJwk.extend({ d: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });
type PrivateJwk = z.infer<typeof PrivateJwk>;
const KeyFile = z.strictObject({
  version: z.literal(1),
  signing: PrivateJwk,
  encryption: PrivateJwk,
});
type KeyFile = z.infer<typeof KeyFile>;

/** The robot's two P-256 keys: one signs (ES256), one opens letters (ECDH-ES). Never one for both. */
export class RobotKeys {
  private constructor(
    private readonly signer: Signer,
    /** RFC 7638 thumbprint of the signing key: what an invitation pins. */
    readonly signingThumbprint: string,
    private readonly opener: CryptoKey,
    readonly encryptionJwk: PublicJwk,
  ) {}

  /** The kept keys, or new ones at the very first start, on disk before anyone sees them. */
  static async open(storage: Storage): Promise<RobotKeys> {
    const text = await storage.read(KEYS_FILE);
    return text === undefined ? RobotKeys.renew(storage) : RobotKeys.from(parseKeys(text));
  }

  /** Replaces both keys. Whoever pinned the old signing key must be invited anew. */
  static async renew(storage: Storage): Promise<RobotKeys> {
    const file: KeyFile = {
      version: 1,
      signing: await makeKey(SIGNATURE_ALG),
      encryption: await makeKey(SEAL_ALG),
    };
    await storage.write(KEYS_FILE, JSON.stringify(file));
    return RobotKeys.from(file);
  }

  private static async from(file: KeyFile): Promise<RobotKeys> {
    const signingJwk = publicJwk(file.signing);
    const key = await importPrivate(file.signing, SIGNATURE_ALG);
    const opener = await importPrivate(file.encryption, SEAL_ALG);
    const name = await thumbprint(signingJwk);
    return new RobotKeys({ key, jwk: signingJwk }, name, opener, publicJwk(file.encryption));
  }

  sign(typ: TokenType, payload: object): Promise<string> {
    return signToken(this.signer, typ, payload);
  }

  /** What is inside a letter to this robot, or undefined when it is not one. */
  unseal(letter: string): Promise<string | undefined> {
    return unseal(this.opener, letter);
  }
}

async function makeKey(alg: string): Promise<PrivateJwk> {
  const options = alg === SEAL_ALG ? { crv: 'P-256', extractable: true } : { extractable: true };
  const { privateKey } = await generateKeyPair(alg, options);
  const { kty, crv, x, y, d } = await exportJWK(privateKey);
  return PrivateJwk.parse({ kty, crv, x, y, d });
}

/** Not extractable once in memory: only the file can give the private half away. */
async function importPrivate(jwk: PrivateJwk, alg: string): Promise<CryptoKey> {
  try {
    const key = await importJWK(jwk, alg, { extractable: false });
    if (key instanceof Uint8Array) throw new TypeError('not an asymmetric key');
    return key;
  } catch {
    throw brokenKeys('the key is not a point on P-256 with its private half');
  }
}

function parseKeys(text: string): KeyFile {
  const parsed = KeyFile.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw brokenKeys(issue ? `${issue.path.join('.') || 'file'}: ${issue.message}` : 'unreadable');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function brokenKeys(why: string): AccessFault {
  return new AccessFault(
    'brokenRecords',
    `${KEYS_FILE}: ${why}. Expected the two keys that the first start wrote. Put the file back from a copy, or remove it: the robot then makes new keys and every pupil needs a new invitation.`,
  );
}
