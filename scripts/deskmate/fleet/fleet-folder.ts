/**
 * A fleet's folder: its root key, certificate authority, robots and grants. Only its owner may read
 * it; each file is written whole or not at all, and `createFleet` makes all of them or none.
 */
import { mkdir, mkdtemp, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from 'jose';
import { z } from 'zod';
import {
  type Authority,
  type AuthorityFiles,
  createAuthorities,
  openAuthority,
} from '../../../agent/pki/authority.ts';
import { createRevocationList } from '../../../agent/pki/revocation.ts';
import { PublicJwk } from '../../../agent/wire/signalling.ts';
import { publicJwk, SIGNATURE_ALG, type Signer } from '../../../agent/wire/token.ts';
import { codeOf, firstLineOf } from '../../../hal/common/errors.ts';
import { readStaffFile, writeStaffFile } from '../command/staff-key.ts';
import { FleetError, fromFile } from './fleet-error.ts';
import {
  type FileKind,
  FleetFile,
  GrantLine,
  type OpenedFile,
  type RobotRow,
  RobotsFile,
  readFields,
  writeFields,
} from './fleet-files.ts';
import { isLocked, LEAST_PASSPHRASE, lock, unlock } from './passphrase.ts';

const FILES = {
  fleet: 'fleet.json',
  robots: 'robots.json',
  grants: 'grants.jsonl',
  /** JWK of the root, or a JWE of it. */
  rootKey: 'root-key.json',
  /** Authorities: PEM, or a JWE of it. */
  ca: 'ca',
  /** PEM of the list of revoked certificates, for brokers. */
  revoked: 'revoked.pem',
} as const;
const LOCK = '.lock';

const PrivateJwk = PublicJwk.extend({ d: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });

export interface NewFleet {
  readonly fleet: string;
  readonly schools: readonly string[];
  readonly broker: string | null;
  /** Ids of fleet services. */
  readonly services: readonly string[];
  /** Encrypts the private keys. */
  readonly passphrase?: string | undefined;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** Throws FleetError; then nothing was made. */
export async function createFleet(folder: string, given: NewFleet): Promise<FleetFolder> {
  const { passphrase } = given;
  if (passphrase !== undefined && passphrase.length < LEAST_PASSPHRASE) {
    const why = `passphrase: expected at least ${LEAST_PASSPHRASE} characters`;
    throw new FleetError('wrong', folder, why);
  }
  if (await isThere(folder)) throw fromFile({ ok: false, reason: 'exists', file: folder });
  const parent = path.dirname(path.resolve(folder));
  try {
    await mkdir(parent, { recursive: true, mode: 0o700 });
    const temporary = await mkdtemp(path.join(parent, '.new-fleet-'));
    try {
      await fill(temporary, given);
      await rename(temporary, folder);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  } catch (error) {
    if (error instanceof FleetError) throw error;
    throw fromFile({ ok: false, reason: 'wrong', file: folder, why: firstLineOf(error) });
  }
  return openFleet(folder, passphrase);
}

async function fill(folder: string, given: NewFleet): Promise<void> {
  const { fleet, schools, broker, services, passphrase, nowMs } = given;
  const { privateKey } = await generateKeyPair(SIGNATURE_ALG, { extractable: true });
  const { kty, crv, x, y, d } = await exportJWK(privateKey);
  const signing = PrivateJwk.parse({ kty, crv, x, y, d });
  const rootJwk = publicJwk(signing);
  const root = await calculateJwkThumbprint(rootJwk);
  const { root: rootCa, issuing } = await createAuthorities(fleet, nowMs);
  const secret = async (text: string): Promise<string> =>
    passphrase === undefined ? text : lock(text, passphrase);
  const ca = path.join(folder, FILES.ca);
  const own = { fleet, root, rootJwk, schools: [...schools], broker, services: [...services] };
  await put(folder, FILES.fleet, writeFields(FleetFile, own));
  await put(folder, FILES.robots, writeFields(RobotsFile, { robots: [] }));
  await put(folder, FILES.grants, '');
  await put(folder, FILES.rootKey, await secret(JSON.stringify({ version: 1, signing })));
  for (const [name, { cert, key }] of [['root', rootCa] as const, ['issuing', issuing] as const]) {
    await put(ca, `${name}.pem`, cert);
    await put(ca, `${name}-key.pem`, await secret(key));
  }
  await put(folder, FILES.revoked, await createRevocationList(await openAuthority(issuing), []));
}

/** Reads what is not secret. Throws FleetError. */
export async function openFleet(folder: string, passphrase?: string): Promise<FleetFolder> {
  if (!(await isThere(folder))) {
    const why = `${folder}: there is no fleet here; make one with deskmate fleet init, or name its folder with --dir`;
    throw new FleetError('missing', folder, why);
  }
  const fleet = readFields(FleetFile, await get(folder, FILES.fleet), at(folder, FILES.fleet));
  // All of it must be there, before anything is changed.
  const robots = await get(folder, FILES.robots);
  readFields(RobotsFile, robots, at(folder, FILES.robots));
  await get(folder, FILES.grants);
  await get(folder, FILES.rootKey);
  return new FleetFolder(folder, fleet, passphrase);
}

export class FleetFolder {
  constructor(
    readonly folder: string,
    private file: OpenedFile<FleetFile>,
    private readonly passphrase: string | undefined,
  ) {}

  get about(): FleetFile {
    return this.file.value;
  }

  /** Signs grants and orders. Throws FleetError. */
  async rootSigner(): Promise<Signer> {
    const where = at(this.folder, FILES.rootKey);
    const text = await this.secret(this.folder, FILES.rootKey);
    try {
      const { signing } = z.looseObject({ signing: PrivateJwk }).parse(JSON.parse(text));
      const key = await importJWK(signing, SIGNATURE_ALG, { extractable: false });
      if (!(key instanceof CryptoKey)) throw new Error('expected a P-256 key');
      const jwk = publicJwk(signing);
      if ((await calculateJwkThumbprint(jwk)) !== this.about.root)
        throw new Error(`it is not the key of ${FILES.fleet}; restore both from one backup`);
      return { key, jwk };
    } catch (error) {
      throw fromFile({ ok: false, reason: 'wrong', file: where, why: firstLineOf(error) });
    }
  }

  /** Signs certificates. Throws FleetError. */
  async issuing(): Promise<Authority> {
    const ca = at(this.folder, FILES.ca);
    const files: AuthorityFiles = {
      cert: await get(ca, 'issuing.pem'),
      key: await this.secret(ca, 'issuing-key.pem'),
    };
    return openAuthority(files).catch((error: unknown) => {
      const file = path.join(ca, 'issuing-key.pem');
      throw fromFile({ ok: false, reason: 'wrong', file, why: firstLineOf(error) });
    });
  }

  /** PEM of the root authority. */
  rootCa(): Promise<string> {
    return get(at(this.folder, FILES.ca), 'root.pem');
  }

  /** PEM. */
  revocationList(): Promise<string> {
    return get(this.folder, FILES.revoked);
  }

  async robots(): Promise<readonly RobotRow[]> {
    return (await this.robotsFile()).value.robots;
  }

  async grants(): Promise<readonly GrantLine[]> {
    const text = await get(this.folder, FILES.grants);
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.map((line, index) =>
      grantLine(line, `${at(this.folder, FILES.grants)}:${index + 1}`),
    );
  }

  /** All of a change, or nothing. `decide` gets what is on disk now. */
  async changeRobots(decide: (rows: readonly RobotRow[]) => readonly RobotRow[]): Promise<void> {
    await this.alone(async () => {
      const { value, written } = await this.robotsFile();
      const robots = [...decide(value.robots)];
      await this.replace(RobotsFile, FILES.robots, { value: { ...value, robots }, written });
      await this.addSchools(robots);
    });
  }

  async noteGrant(line: GrantLine): Promise<void> {
    await this.alone(async () => {
      const before = await get(this.folder, FILES.grants);
      const text = `${before}${JSON.stringify(GrantLine.parse(line))}\n`;
      await put(this.folder, FILES.grants, text, 'replace');
    });
  }

  /** From the robots as they are. */
  async renewRevocationList(): Promise<void> {
    const rows = await this.robots();
    const revoked = rows.flatMap(({ certificates }) =>
      certificates.flatMap(({ serial, revokedMs }) =>
        revokedMs === null ? [] : [{ serial, atMs: revokedMs }],
      ),
    );
    const list = await createRevocationList(await this.issuing(), revoked);
    await put(this.folder, FILES.revoked, list, 'replace');
  }

  private async addSchools(rows: readonly RobotRow[]): Promise<void> {
    const { value, written } = this.file;
    const schools = new Set([...value.schools, ...rows.flatMap(({ school }) => school ?? [])]);
    if (schools.size === value.schools.length) return;
    this.file = { value: { ...value, schools: [...schools] }, written };
    await this.replace(FleetFile, FILES.fleet, this.file);
  }

  private async robotsFile() {
    const text = await get(this.folder, FILES.robots);
    return readFields(RobotsFile, text, at(this.folder, FILES.robots));
  }

  private async replace<T extends Readonly<Record<string, unknown>>>(
    kind: FileKind<T>,
    name: string,
    { value, written }: OpenedFile<T>,
  ): Promise<void> {
    await put(this.folder, name, writeFields(kind, value, written), 'replace');
  }

  private async secret(folder: string, name: string): Promise<string> {
    const text = await get(folder, name);
    if (!isLocked(text)) return text;
    const where = path.join(folder, name);
    if (this.passphrase === undefined) {
      const why = `${where} is protected by a passphrase; give the file that has it: --passphrase-file`;
      throw new FleetError('passphraseNeeded', where, why);
    }
    const secret = await unlock(text, this.passphrase);
    if (secret !== undefined) return secret;
    const why = `${where}: the passphrase is not the one that it was protected with`;
    throw new FleetError('passphraseWrong', where, why);
  }

  private async alone<T>(act: () => Promise<T>): Promise<T> {
    const lockFolder = path.join(this.folder, LOCK);
    try {
      await mkdir(lockFolder, { mode: 0o700 });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST')
        throw fromFile({ ok: false, reason: 'wrong', file: lockFolder, why: firstLineOf(error) });
      const why = `another command is changing this fleet; if none is, an interrupted one left its mark: rmdir ${lockFolder}`;
      throw new FleetError('busy', lockFolder, why);
    }
    try {
      return await act();
    } finally {
      await rmdir(lockFolder);
    }
  }
}

function grantLine(line: string, where: string): GrantLine {
  try {
    return GrantLine.parse(JSON.parse(line));
  } catch (error) {
    throw new FleetError('wrong', where, `${where}: expected a grant (${firstLineOf(error)})`);
  }
}

const at = (folder: string, name: string): string => path.join(folder, name);

const isThere = (folder: string): Promise<boolean> =>
  stat(folder).then(
    () => true,
    () => false,
  );

async function get(folder: string, name: string): Promise<string> {
  const read = await readStaffFile(folder, name);
  if (read.ok) return read.text;
  if (read.reason !== 'missing') throw fromFile(read);
  const why = `${read.file} is missing: the fleet’s folder is not whole; restore it from its backup`;
  throw new FleetError('incomplete', read.file, why);
}

async function put(
  folder: string,
  name: string,
  text: string,
  how: 'new' | 'replace' = 'new',
): Promise<void> {
  const written = await writeStaffFile(folder, name, text, how);
  if (!written.ok) throw fromFile(written);
}
