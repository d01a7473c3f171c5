/** The robot's side of coming into a fleet: its key and request, and what it was answered. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { chown, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { importPrivateKey } from '../../../agent/pki/keys.ts';
import { createRequest } from '../../../agent/pki/request.ts';
import { type CertificateRefusal, verifyClientChain } from '../../../agent/pki/verify.ts';
import { verifyOrder } from '../../../agent/wire/order.ts';
import { makeKeyPair, privateKeyPem } from '../../../hal/common/certificate.ts';
import { dropInFolder } from '../../../hal/common/config-layers.ts';
import { readStaffFile, writeStaffFile } from '../command/staff-key.ts';
import { FleetError, fromFile } from './fleet-error.ts';
import { type AnswerFile, RequestFile, readFields, writeFields } from './fleet-files.ts';

/** In the robot's data folder. */
const FOLDER = 'broker';
const FILES = { key: 'key.pem', cert: 'cert.pem', ca: 'ca.pem', request: 'request.json' } as const;
const DROP_IN = '20-fleet.json';

export interface RobotPlace {
  readonly robot: string;
  /** The data folder; the agent's user owns it. */
  readonly data: string;
  /** The configuration file, beside which drop-ins are. */
  readonly config: string;
}

/**
 * The text of the request for staff. A key of an earlier request is used again: a certificate for
 * it may be on its way. Throws FleetError.
 */
export async function requestOf({ robot, data }: RobotPlace, robotKey: string): Promise<string> {
  const folder = path.join(data, FOLDER);
  const holder = { kind: 'robot', id: robot } as const;
  const request = await createRequest(holder, await ownKeys(folder));
  const text = writeFields(RequestFile, { robot, robotKey, request });
  await keep(folder, FILES.request, text);
  await giveTo(data, folder, Object.values(FILES));
  return text;
}

async function ownKeys(folder: string): Promise<CryptoKeyPair> {
  const before = await readStaffFile(folder, FILES.key);
  if (!before.ok) {
    if (before.reason !== 'missing') throw fromFile(before);
    const keys = await makeKeyPair();
    await keep(folder, FILES.key, await privateKeyPem(keys.privateKey), 'new');
    return keys;
  }
  const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' } as const;
  const publicKey = await crypto.subtle.importKey('spki', spkiOf(before.text), ecdsa, true, [
    'verify',
  ]);
  return { privateKey: await importPrivateKey(before.text), publicKey };
}

/** SubjectPublicKeyInfo, DER. */
function spkiOf(privatePem: string): ArrayBuffer {
  const der = createPublicKey(createPrivateKey(privatePem)).export({ type: 'spki', format: 'der' });
  return new Uint8Array(der).buffer;
}

const REFUSED: Readonly<Record<CertificateRefusal, string>> = {
  tooLong: 'its certificate is too long',
  malformed: 'its certificate cannot be read',
  otherName: 'its certificate is for another robot or fleet',
  purpose: 'its certificate is not one of a robot',
  otherKey: 'it answers another request; make a new one: deskmate robot request',
  chain: 'its certificate is not of the fleet’s own authority',
  expired: 'its certificate has ended; have it signed again',
  notYetValid: 'its certificate is not valid yet; look at this robot’s clock',
};

/** Checks all of it, then installs all of it. Throws FleetError; then nothing was changed. */
export async function installAnswer(
  place: RobotPlace,
  answer: AnswerFile,
  nowMs: number,
): Promise<void> {
  const folder = path.join(place.data, FOLDER);
  await expectOurs(place, answer, nowMs);
  await keep(folder, FILES.cert, answer.certificate);
  await keep(folder, FILES.ca, answer.ca);
  await giveTo(place.data, folder, Object.values(FILES));
  const { fleet, root, broker } = answer;
  const at = (name: string): string => path.join(folder, name);
  const configuration = {
    fleet: { id: fleet, root },
    ...(broker !== null && { broker }),
    ...{ brokerCert: at(FILES.cert), brokerKey: at(FILES.key), brokerCa: at(FILES.ca) },
  };
  // Last: with it the robot begins to use the others.
  await writeShared(
    dropInFolder(place.config),
    DROP_IN,
    `${JSON.stringify(configuration, null, 2)}\n`,
  );
}

async function expectOurs(place: RobotPlace, answer: AnswerFile, nowMs: number): Promise<void> {
  const folder = path.join(place.data, FOLDER);
  const { robot, fleet, root } = answer;
  const fail = (why: string): FleetError =>
    new FleetError('robot', place.robot, `the answer: ${why}`);
  if (robot !== place.robot) throw fail(`it is for ${robot}, and this robot is ${place.robot}`);
  const [key, request] = [await asked(folder, FILES.key), await asked(folder, FILES.request)];
  const holder = { kind: 'robot', id: robot } as const;
  const expected = { holder, fleet, publicKey: spkiOf(key), root: answer.ca, nowMs };
  const certificate = await verifyClientChain(answer.certificate, expected);
  if (!certificate.ok) throw fail(REFUSED[certificate.reason]);
  const { robotKey } = readFields(RequestFile, request, path.join(folder, FILES.request)).value;
  const verdict = await verifyOrder(answer.join, {
    ...{ fleet, root, robot, school: undefined, shown: true, nowS: undefined },
    ...{ certainlyPastS: 0, consentUntilS: 0, isRevoked: () => false, lastN: () => -1 },
  });
  if (!verdict.ok) throw fail(`its join order is not good (${verdict.reason})`);
  const { do: join } = verdict.order;
  if (join.kind !== 'join') throw fail(`expected a join order, got ${join.kind}`);
  if (join.robotKey !== robotKey) throw fail(REFUSED.otherKey);
}

async function asked(folder: string, name: string): Promise<string> {
  const read = await readStaffFile(folder, name);
  if (read.ok) return read.text;
  if (read.reason !== 'missing') throw fromFile(read);
  const why = 'this robot has made no request yet; type: deskmate robot request';
  throw new FleetError('missing', read.file, why);
}

async function keep(
  folder: string,
  name: string,
  text: string,
  how: 'new' | 'replace' = 'replace',
): Promise<void> {
  const written = await writeStaffFile(folder, name, text, how);
  if (!written.ok) throw fromFile(written);
}

/** The agent reads them by its own user, who owns its data. */
async function giveTo(data: string, folder: string, names: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(data);
  await chown(folder, uid, gid);
  for (const name of names)
    await chown(path.join(folder, name), uid, gid).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
}

/** Whole or not at all; everybody may read it. */
async function writeShared(folder: string, name: string, text: string): Promise<void> {
  const temporary = path.join(folder, `.${name}.new`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o755 });
    await rm(temporary, { force: true });
    const handle = await open(temporary, 'wx', 0o644);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path.join(folder, name));
  } catch (error) {
    const why = `${path.join(folder, name)} cannot be written (${String(error)}); run it again with sudo`;
    throw new FleetError('exposed', folder, why);
  }
}
