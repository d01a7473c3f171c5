/** TLS to relays whose certificate the native library would not take. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { type Log, silentLog } from '../../hal/ports/log.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { makeCertificate } from '../host/certificate.ts';
import { RelayTunnels } from './relay-tunnels.ts';

const left: (() => void)[] = [];
afterEach(() => {
  for (const close of left.splice(0)) close();
});

/** A relay that says back what it hears, with a certificate that nobody knows. */
async function echoRelay(names = ['localhost', '127.0.0.1']) {
  const { key, cert } = await makeCertificate(names, Date.now());
  const sockets: TLSSocket[] = [];
  const server = createServer({ key, cert }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  left.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { cert, port: (server.address() as AddressInfo).port, sockets };
}

async function tunnels(urls: string[], ca?: string) {
  const said: string[] = [];
  const log: Log = {
    ...silentLog,
    warn: (fields) => said.push((fields as { why: string }).why),
    child: () => log,
  };
  const clock = new SimClock();
  const opened = await RelayTunnels.open({ urls, ca, clock, log });
  left.push(() => opened.close());
  return { opened, said, clock };
}

async function enter(opened: RelayTunnels, url: string): Promise<Socket> {
  const [server] = opened.through([{ urls: url, username: 'u', credential: 'c' }]);
  expect(server).toMatchObject({ username: 'u', credential: 'c' });
  const port = Number(/^turn:127\.0\.0\.1:(\d+)\?transport=tcp$/.exec(String(server?.urls))?.[1]);
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  left.push(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

test("a school's own authority: bytes pass both ways, and both ends close together", async () => {
  const { cert, port, sockets } = await echoRelay();
  for (const host of ['localhost', '127.0.0.1']) {
    const url = `turns:${host}:${port}?transport=tcp`;
    const { opened, said } = await tunnels([url], cert);
    const socket = await enter(opened, url);
    socket.write('allocate');
    const [data] = await once(socket, 'data');
    expect(String(data)).toBe('allocate');
    sockets.at(-1)?.destroy();
    await once(socket, 'close');
    expect(said).toEqual([]);
  }
});

test('an authority nobody knows, and a name that is another: no byte passes, said once', async () => {
  const unknown = await echoRelay();
  const url = `turns:localhost:${unknown.port}`;
  const { opened, said } = await tunnels([url]);
  for (let n = 0; n < 3; n++) {
    const socket = await enter(opened, url);
    socket.write('secret');
    await once(socket, 'close');
  }
  expect(said).toEqual([expect.stringMatching(/self-signed|certificate/i)]);
  expect(unknown.sockets.every((socket) => socket.bytesRead === 0)).toBe(true);

  const other = await echoRelay(['elsewhere.example']);
  const wrong = await tunnels([`turns:localhost:${other.port}`], other.cert);
  await once(await enter(wrong.opened, `turns:localhost:${other.port}`), 'close');
  expect(wrong.said).toEqual([expect.stringMatching(/localhost/)]);
});

test('a relay that is away: closed at once, and the process goes on', async () => {
  const { opened, said } = await tunnels(['turns:127.0.0.1:1']);
  await once(await enter(opened, 'turns:127.0.0.1:1'), 'close');
  expect(said).toEqual([expect.stringMatching(/ECONNREFUSED/)]);
});

test('other servers stay as they are; TURN over DTLS, which no side speaks, is left out', async () => {
  const { opened } = await tunnels(['turns:localhost:1?transport=udp']);
  expect(
    opened.through([
      { urls: 'stun:stun.example' },
      { urls: ['turn:a.example', 'turns:localhost:1?transport=udp'] },
      { urls: 'turns:localhost:1?transport=udp' },
    ]),
  ).toEqual([{ urls: ['stun:stun.example'] }, { urls: ['turn:a.example'] }]);
});

test('a server that never gets done with its greeting is given up', async () => {
  const drips: NodeJS.Timeout[] = [];
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    // The head of a TLS record of 16 KiB (RFC 8446, 5.1), and then hardly anything of it.
    socket.write(Buffer.from([0x16, 3, 3, 0x40, 0]));
    drips.push(setInterval(() => socket.write(Buffer.from([2])), 10));
    socket.on('close', () => drips.forEach(clearInterval));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  left.push(() => server.close());
  const url = `turns:127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { opened, said, clock } = await tunnels([url]);
  const [near, [far]] = await Promise.all([enter(opened, url), once(server, 'connection')]);
  await once(far, 'data');
  await clock.advance(9_000);
  expect(near.closed).toBe(false);
  const closed = once(near, 'close');
  await clock.advance(1_000);
  await closed;
  expect(said).toEqual(['no TLS within 10000 ms']);
}, 5_000);
