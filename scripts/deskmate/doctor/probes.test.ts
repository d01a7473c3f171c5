import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, expect, it } from 'vitest';
import { makeCertificate } from '../../../agent/host/certificate.ts';
import { SystemClock } from '../../../hal/linux/time/system-clock.ts';
import { addressesOf, reach } from './probes.ts';

const clock = new SystemClock();
let server: Server | undefined;

afterEach(() => {
  server?.close();
  server = undefined;
});

async function listening(made: Server): Promise<number> {
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return (made.address() as AddressInfo).port;
}

const ask = (port: number, tls: boolean) => reach(clock, { host: '127.0.0.1', port, tls });

it('a certificate is looked at, and told why it is not believed', async () => {
  const now = clock.wall();
  const certificate = await makeCertificate(['127.0.0.1'], now);
  const port = await listening(createTlsServer(certificate));
  const found = await ask(port, true);
  expect(found).toMatchObject({ kind: 'secure', distrust: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  if (found.kind !== 'secure') return;
  expect(found.validFrom).toBeLessThan(now);
  expect(found.validTo).toBeGreaterThan(now + 300 * 86_400_000);
  expect(found.issuer).toBe('Deskmate station');
  expect(await ask(port, false)).toEqual({ kind: 'open' });
});

it('somebody who speaks otherwise, hangs up, or is not there', async () => {
  const port = await listening(
    createTcpServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 302 Found\r\n\r\n')),
  );
  expect(await ask(port, true)).toMatchObject({ kind: 'noTls' });
  server?.close();
  server = undefined;
  expect(await ask(port, true)).toEqual({ kind: 'closed', why: 'ECONNREFUSED' });
});

it('names are looked up, and one that is none is not found', async () => {
  expect((await addressesOf('localhost')).length).toBeGreaterThan(0);
  expect(await addressesOf('not a name')).toEqual([]);
});
