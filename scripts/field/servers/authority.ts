/** A certificate authority of one run, and the certificate that it issues to the rig's servers. */

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Authority } from '../../../hal/common/certificate.ts';
import { nameOf, SERVERS, type Server } from '../net/plan.ts';
import { run } from '../net/shell.ts';

/** PEM files. */
export interface Certificates {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;

export async function makeCertificates(folder: string, nowMs: number): Promise<Certificates> {
  mkdirSync(folder, { recursive: true });
  const written = (name: string, text: string, mode = 0o644): string => {
    const file = path.join(folder, name);
    writeFileSync(file, text, { mode });
    return file;
  };
  const names = (Object.keys(SERVERS) as Server[]).map(nameOf);
  const validity = { fromMs: nowMs - DAY_MS / 24, toMs: nowMs + 2 * DAY_MS };
  const authority = await Authority.make('Deskmate field rig', validity);
  const { key, cert } = await authority.issue('field.test', names);
  return {
    authority: written('authority.pem', authority.cert),
    certificate: written('server.pem', cert),
    key: written('server.key', key, 0o600),
  };
}

/** A browser's trusted authorities: NSS's store in that folder, created if missing. */
export function trustIn(store: string, { authority }: Certificates): void {
  mkdirSync(store, { recursive: true });
  const where = ['-d', `sql:${store}`];
  run(['certutil', '-N', ...where, '--empty-password']);
  run(['certutil', '-A', ...where, '-n', 'Deskmate field rig', '-t', 'C,,', '-i', authority]);
}
