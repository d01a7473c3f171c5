import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keptCertificate, makeCertificate } from './certificate.ts';

const names = ['localhost', 'station.local', '127.0.0.1', '192.168.1.20', '::1', 'fe80::1:2'];
const now = Date.now();
const DAY = 86_400_000;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'station-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('is a certificate for all names and addresses, and for no other', async () => {
  for (let i = 0; i < 20; i++) {
    const certificate = new X509Certificate((await makeCertificate(names, now)).cert);
    for (const name of ['localhost', 'station.local'])
      expect(certificate.checkHost(name)).toBe(name);
    for (const ip of ['127.0.0.1', '192.168.1.20', '::1', 'fe80::1:2'])
      expect(certificate.checkIP(ip), ip).toBeDefined();
    expect(certificate.checkIP('192.168.1.21')).toBeUndefined();
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.serialNumber).toMatch(/^[4-7]/);
  }
});

it('TLS takes it, name and all, when it is trusted', async () => {
  const { key, cert } = await makeCertificate(names, now);
  const server = createServer({ key, cert });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const authorized = await new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca: cert }, () => {
      resolve(socket.authorized);
      socket.destroy();
    });
    socket.once('error', reject);
  });
  server.close();
  expect(authorized).toBe(true);
});

it('is kept while it fits, for nobody else to read', async () => {
  const file = join(folder, 'certificate.json');
  const first = await keptCertificate(file, names, now);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await keptCertificate(file, names.slice(1), now)).toEqual(first);
  expect((await keptCertificate(file, [...names, '10.0.0.9'], now)).cert).not.toBe(first.cert);
  const second = await keptCertificate(file, names, now);
  expect((await keptCertificate(file, names, now + 360 * DAY)).cert).not.toBe(second.cert);
  await writeFile(file, '{"key":"x","cert":"y"}');
  expect((await keptCertificate(file, names, now)).cert).toContain('BEGIN CERTIFICATE');
});
