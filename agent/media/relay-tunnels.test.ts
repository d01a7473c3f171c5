/** TLS to relays whose certificate the native library would not take. */
import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { type Log, silentLog } from '../../hal/ports/log.ts';
import { makeCertificate } from '../../sim/station/certificate.ts';
import { RelayTunnels } from './relay-tunnels.ts';

const left: (() => void)[] = [];
afterEach(() => {
  for (const close of left.splice(0)) close();
});

/** A relay that says back what it hears, with a certificate that nobody knows. */
async function echoRelay(names = ['localhost', '127.0.0.1']) {
  const { key, cert } = makeCertificate(names, Date.now());
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
  const opened = await RelayTunnels.open({ urls, ca, log });
  left.push(() => opened.close());
  return { opened, said };
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
