/** Certificate revocation lists (RFC 5280, 5). */
import 'reflect-metadata';
import { PemConverter, X509CrlGenerator, X509CrlReason } from '@peculiar/x509';
import { ALGORITHM } from '../../hal/common/certificate.ts';
import type { Authority } from './authority.ts';
import { NOT_BEFORE_MS } from './keys.ts';

export interface Revoked {
  /** Serial number, hexadecimal. */
  readonly serial: string;
  /** When, milliseconds since 1970. */
  readonly atMs: number;
}

/**
 * PEM. Valid until its authority ends: a broker must not refuse all robots because nobody renewed
 * the list.
 */
export async function createRevocationList(
  issuing: Authority,
  revoked: readonly Revoked[],
): Promise<string> {
  const list = await X509CrlGenerator.create({
    issuer: issuing.certificate.subject,
    ...{ thisUpdate: new Date(NOT_BEFORE_MS), nextUpdate: issuing.certificate.notAfter },
    entries: revoked.map(({ serial, atMs }) => ({
      ...{ serialNumber: serial, revocationDate: new Date(atMs) },
      reason: X509CrlReason.cessationOfOperation,
    })),
    ...{ signingAlgorithm: ALGORITHM, signingKey: issuing.key },
  });
  // As OpenSSL and so brokers call it; the library's own label is another.
  return PemConverter.encode(list.rawData, 'X509 CRL');
}
