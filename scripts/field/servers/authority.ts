/** A certificate authority of one run, and the certificate that it gives the rig's servers. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { nameOf, SERVERS, type Server } from '../net/plan.ts';
import { run } from '../net/shell.ts';

/** PEM files. */
export interface Certificates {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

const DAYS = '2';
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

export function makeCertificates(folder: string): Certificates {
  mkdirSync(folder, { recursive: true });
  const file = (name: string): string => path.join(folder, name);
  const names = (Object.keys(SERVERS) as Server[]).map((server) => `DNS:${nameOf(server)}`);
  const [authority, authorityKey] = [file('authority.pem'), file('authority.key')];
  const [certificate, key, request] = [file('server.pem'), file('server.key'), file('server.csr')];
  const extensions = file('server.ext');
  writeFileSync(extensions, `subjectAltName=${names.join(',')}\nextendedKeyUsage=serverAuth\n`);
  run([
    ...['openssl', 'req', '-x509', ...KEY, '-days', DAYS, '-subj', '/CN=Deskmate field rig'],
    ...['-addext', 'keyUsage=critical,keyCertSign', '-keyout', authorityKey, '-out', authority],
  ]);
  run(['openssl', 'req', ...KEY, '-subj', '/CN=field.test', '-keyout', key, '-out', request]);
  run([
    ...['openssl', 'x509', '-req', '-in', request, '-days', DAYS, '-out', certificate],
    ...['-CA', authority, '-CAkey', authorityKey, '-CAcreateserial', '-extfile', extensions],
  ]);
  return { authority, certificate, key };
}

/** Whom a browser believes: NSS's store in that folder, made when it is not there. */
export function trustIn(store: string, { authority }: Certificates): void {
  mkdirSync(store, { recursive: true });
  const where = ['-d', `sql:${store}`];
  run(['certutil', '-N', ...where, '--empty-password']);
  run(['certutil', '-A', ...where, '-n', 'Deskmate field rig', '-t', 'C,,', '-i', authority]);
}
