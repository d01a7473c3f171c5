/**
 * A certificate of this computer's own, for browsers of other computers: they grant microphone and
 * keys to HTTPS only. Nobody vouches for it, so a browser asks once; what the pupil and the robot
 * say to each other is signed end to end in any case (docs/access.md).
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';

import { isIP } from 'node:net';
import { type Certificate, selfSigned } from '../../hal/common/certificate.ts';

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
  const made = await makeCertificate(names, nowMs);
  await writeFile(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}

/** `names`: host names and addresses that it is good for. */
export function makeCertificate(names: readonly string[], nowMs: number): Promise<Certificate> {
  // Since an hour ago: a pupil's clock may be behind ours.
  const validity = { fromMs: nowMs - DAY_MS / 24, toMs: nowMs + VALID_DAYS * DAY_MS };
  return selfSigned('Deskmate station', names, validity);
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
