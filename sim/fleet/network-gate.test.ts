import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NetworkGate } from './network-gate.ts';

let echo: Server;
let gate: NetworkGate;
let port: number;

beforeAll(async () => {
  echo = createServer((socket) => socket.pipe(socket));
  await new Promise<void>((resolve) => echo.listen(0, 'localhost', resolve));
  const broker = `mqtts://localhost:${(echo.address() as AddressInfo).port}`;
  gate = await NetworkGate.start(broker);
  port = Number(new URL(gate.through(broker)).port);
});
afterAll(() => {
  gate.close();
  echo.close();
});

const said = (socket: Socket): Promise<string> =>
  new Promise((resolve) => socket.once('data', (bytes) => resolve(bytes.toString())));
const connected = async (): Promise<Socket> => {
  const socket = connect({ host: 'localhost', port });
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
};

it('passes bytes, holds them while the network is cut, and passes what was held', async () => {
  const socket = await connected();
  socket.write('one');
  expect(await said(socket)).toBe('one');
  gate.online = false;
  let heard = '';
  socket.on('data', (bytes) => {
    heard += bytes;
  });
  socket.write('two');
  const refused = await connected();
  await new Promise((resolve) => refused.once('close', resolve));
  expect(heard).toBe('');
  expect(socket.destroyed).toBe(false);
  const answer = said(socket);
  gate.online = true;
  expect(await answer).toBe('two');
  socket.destroy();
});
