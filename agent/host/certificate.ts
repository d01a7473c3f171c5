/**
 * A certificate of this computer's own, for browsers of other computers: they lend microphone and
 * keys to HTTPS only. Nobody vouches for it, so a browser asks once; what the pupil and the robot
 * say to each other is signed end to end in any case (docs/access.md).
 *
 * X.509 v3 in DER (RFC 5280), ECDSA P-256 with SHA-256 (RFC 5758).
 */
import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { isIP, isIPv4 } from 'node:net';

interface Certificate {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
}

const DAY_MS = 86_400_000;
const VALID_DAYS = 365;
/** One that ends sooner is made anew. */
const LEAST_DAYS = 7;

/** The one of the last start while it still fits, so that browsers keep the answer they were given. */
export async function keptCertificate(
  file: string,
  names: readonly string[],
  nowMs: number,
): Promise<Certificate> {
  const kept = await readFile(file, 'utf8').then(parse, () => undefined);
  if (kept && fits(kept.cert, names, nowMs)) return kept;
  const made = makeCertificate(names, nowMs);
  await writeFile(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}

/** `names`: host names and addresses that it is good for. */
export function makeCertificate(names: readonly string[], nowMs: number): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const subject = sequence(set(sequence(oid(COMMON_NAME), utf8('Deskmate station'))));
  const signed = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(positive(randomBytes(16))),
    sequence(oid(ECDSA_SHA256)),
    subject,
    // An hour ago: a pupil's clock may be behind ours.
    sequence(time(nowMs - DAY_MS / 24), time(nowMs + VALID_DAYS * DAY_MS)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(3, sequence(extension(SUBJECT_ALT_NAME, sequence(...names.map(generalName))))),
  );
  const whole = sequence(
    signed,
    sequence(oid(ECDSA_SHA256)),
    bits(signatureOf(signed, privateKey)),
  );
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  };
}

function parse(text: string): Certificate | undefined {
  try {
    const { key, cert }: Partial<Certificate> = JSON.parse(text);
    if (typeof key !== 'string' || typeof cert !== 'string') return undefined;
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
      ? { key, cert }
      : undefined;
  } catch {
    return undefined;
  }
}

function fits(cert: string, names: readonly string[], nowMs: number): boolean {
  const certificate = new X509Certificate(cert);
  if (Date.parse(certificate.validTo) < nowMs + LEAST_DAYS * DAY_MS) return false;
  if (Date.parse(certificate.validFrom) > nowMs) return false;
  return names.every((name) =>
    isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name),
  );
}

const COMMON_NAME = [0x55, 0x04, 0x03];
const SUBJECT_ALT_NAME = [0x55, 0x1d, 0x11];
/** 1.2.840.10045.4.3.2 */
const ECDSA_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];

/** A DER value: tag, length in as few bytes as it takes, content. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const set = (...parts: readonly Uint8Array[]): Buffer => der(0x31, ...parts);
const tagged = (n: number, part: Uint8Array): Buffer => der(0xa0 | n, part);
const integer = (bytes: Uint8Array): Buffer => der(0x02, bytes);
const oid = (bytes: readonly number[]): Buffer => der(0x06, Buffer.from(bytes));
const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text));
const bits = (bytes: Uint8Array): Buffer => der(0x03, Buffer.from([0]), bytes);

/** A first bit of 1 would make it negative, a first byte of 0 would be one too many. */
const positive = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from([((bytes[0] ?? 0) & 0x3f) | 0x40]), bytes.subarray(1)]);

/** UTCTime: YYMMDDhhmmssZ, until 2049. */
function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\D/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

function extension(id: readonly number[], value: Buffer): Buffer {
  return sequence(oid(id), der(0x04, value));
}

/** dNSName [2] or iPAddress [7]. */
function generalName(name: string): Buffer {
  if (!isIP(name)) return der(0x82, Buffer.from(name));
  return der(0x87, isIPv4(name) ? Buffer.from(name.split('.').map(Number)) : ipv6(name));
}

function ipv6(text: string): Buffer {
  // URL writes an address in its shortest form, without dotted quads.
  const plain = new URL(`http://[${text.split('%', 1)[0]}]/`).hostname.slice(1, -1);
  const [head = '', tail] = plain.split('::');
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [first, last] = [groups(head), groups(tail ?? '')];
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => 0);
  return Buffer.from([...first, ...zeros, ...last].flatMap((group) => [group >> 8, group & 0xff]));
}

function signatureOf(bytes: Uint8Array, key: KeyObject): Buffer {
  return sign('sha256', bytes, key);
}
