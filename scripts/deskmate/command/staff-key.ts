/** The key of a person who works with robots, and the grants for it, on that person's computer. */
import { chmod, lstat, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from 'jose';
import { z } from 'zod';
import { PublicJwk } from '../../../agent/wire/signalling.ts';
import { publicJwk, SIGNATURE_ALG } from '../../../agent/wire/token.ts';
import { codeOf, firstLineOf } from '../../../hal/common/errors.ts';

const KEY_FILE = 'key.json';
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
/** Group and others. */
const OTHERS = 0o077;

const PrivateJwk = PublicJwk.extend({ d: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });
/** Fields that a newer version adds are kept. */
const KeyFile = z.looseObject({ version: z.number().int().min(1), signing: PrivateJwk });

/** An ES256 key pair that signs orders. */
export interface StaffKey {
  readonly key: CryptoKey;
  readonly jwk: PublicJwk;
  /** RFC 7638, SHA-256, base64url: by this a grant names its holder. */
  readonly thumbprint: string;
  readonly file: string;
}

export type StaffFileFault =
  | { readonly ok: false; readonly reason: 'missing'; readonly file: string }
  | { readonly ok: false; readonly reason: 'exists'; readonly file: string }
  /** Others may read it; `mode` is what chmod needs: `600`. */
  | { readonly ok: false; readonly reason: 'exposed'; readonly file: string; readonly mode: string }
  | { readonly ok: false; readonly reason: 'wrong'; readonly file: string; readonly why: string };

export type StaffKeyResult = { readonly ok: true; readonly key: StaffKey } | StaffFileFault;
export type StaffTextResult = { readonly ok: true; readonly text: string } | StaffFileFault;

/** Makes a key and keeps it in `folder`. Never replaces one: robots know the person by it. */
export async function newStaffKey(folder: string): Promise<StaffKeyResult> {
  const { privateKey } = await generateKeyPair(SIGNATURE_ALG, { extractable: true });
  const signing = PrivateJwk.parse(pick(await exportJWK(privateKey)));
  const text = `${JSON.stringify({ version: 1, signing }, null, 2)}\n`;
  const written = await writeStaffFile(folder, KEY_FILE, text, 'new');
  return written.ok ? loadStaffKey(folder) : written;
}

const pick = ({ kty, crv, x, y, d }: JsonWebKey) => ({ kty, crv, x, y, d });

export async function loadStaffKey(folder: string): Promise<StaffKeyResult> {
  const read = await readStaffFile(folder, KEY_FILE);
  if (!read.ok) return read;
  const file = path.join(folder, KEY_FILE);
  try {
    const { signing } = KeyFile.parse(JSON.parse(read.text));
    const key = await importJWK(signing, SIGNATURE_ALG, { extractable: false });
    if (!(key instanceof CryptoKey)) throw new Error('expected a P-256 key');
    const jwk = publicJwk(signing);
    return { ok: true, key: { key, jwk, thumbprint: await calculateJwkThumbprint(jwk), file } };
  } catch (error) {
    const why =
      error instanceof z.ZodError
        ? error.issues.map((one) => `${one.path.join('.')}: ${one.message}`).join('; ')
        : firstLineOf(error);
    return { ok: false, reason: 'wrong', file, why };
  }
}

/** Reads a file that only this person may read: keys, grants. */
export async function readStaffFile(folder: string, name: string): Promise<StaffTextResult> {
  const file = path.join(folder, name);
  try {
    for (const [place, mode] of [
      [folder, FOLDER_MODE],
      [file, FILE_MODE],
    ] as const) {
      const found = await lstat(place);
      if (found.isSymbolicLink()) return wrong(place, 'expected no symbolic link');
      if ((found.mode & OTHERS) !== 0)
        return { ok: false, reason: 'exposed', file: place, mode: mode.toString(8) };
    }
    return { ok: true, text: await readFile(file, 'utf8') };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { ok: false, reason: 'missing', file };
    return wrong(file, firstLineOf(error));
  }
}

const wrong = (file: string, why: string): StaffFileFault => ({
  ...{ ok: false, reason: 'wrong', file, why },
});

/**
 * Writes such a file, whole or not at all, mode 0600 in a folder of mode 0700 (which is made, not
 * changed). `new`: refuses to replace one.
 */
export async function writeStaffFile(
  folder: string,
  name: string,
  text: string,
  how: 'new' | 'replace',
): Promise<{ readonly ok: true } | StaffFileFault> {
  const file = path.join(folder, name);
  const temporary = path.join(folder, `.${name}.new`);
  try {
    const made = await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    if (made !== undefined) await chmod(folder, FOLDER_MODE);
    if (((await lstat(folder)).mode & OTHERS) !== 0)
      return { ok: false, reason: 'exposed', file: folder, mode: FOLDER_MODE.toString(8) };
    const isThere = await lstat(file).then(
      () => true,
      () => false,
    );
    if (how === 'new' && isThere) return { ok: false, reason: 'exists', file };
    await rm(temporary, { force: true });
    const handle = await open(temporary, 'wx', FILE_MODE);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    return { ok: true };
  } catch (error) {
    return wrong(file, firstLineOf(error));
  }
}
