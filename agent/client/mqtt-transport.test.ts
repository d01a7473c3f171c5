/** The default transport against a true broker over WebSocket. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Aedes, type AuthenticateError } from 'aedes';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { platformClock } from './client-clock.ts';
import { mqttTransport, openMqttTransport, pauseMs } from './mqtt-transport.ts';

let aedes: Aedes;
let http: Server;
let sockets: WebSocketServer;
let broker: string;

async function listen(port = 0): Promise<void> {
  http = createServer();
  sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket) => aedes.handle(createWebSocketStream(socket)));
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  broker = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/mqtt`;
}

async function silence(): Promise<void> {
  for (const socket of sockets.clients) socket.terminate();
  await new Promise((resolve) => http.close(resolve));
}

beforeEach(async () => {
  aedes = await Aedes.createBroker();
  await listen();
});

afterEach(async () => {
  await silence();
  await new Promise<void>((resolve) => aedes.close(resolve));
});

const open = (receive: (text: string) => void) =>
  openMqttTransport({
    ...{ broker, peer: 'peer-1', topic: 'to/peer' },
    receive: (payload) => receive(new TextDecoder().decode(payload)),
  });

const say = (payload: string): void =>
  aedes.publish(
    { cmd: 'publish', topic: 'to/peer', payload, qos: 1, retain: false, dup: false },
    () => {},
  );

test('is subscribed when open, carries both ways, and comes back by itself', async () => {
  const received: string[] = [];
  const published: string[] = [];
  aedes.on('publish', ({ topic, payload }) => {
    if (topic === 'to/robot') published.push(String(payload));
  });
  const transport = await open((text) => received.push(text));
  say('one');
  await transport.publish('to/robot', 'two');
  await vi.waitFor(() => expect(received.length === 1).toBe(true), 10_000);
  expect(published).toEqual(['two']);

  const port = Number(new URL(broker).port);
  await silence();
  await vi.waitFor(() => expect(aedes.connectedClients === 0).toBe(true), 10_000);
  await listen(port);
  await vi.waitFor(() => expect(aedes.connectedClients === 1).toBe(true), 10_000);
  await transport.publish('to/robot', 'three');
  say('four');
  await vi.waitFor(() => expect(received.length === 2).toBe(true), 10_000);
  transport.close();
  expect(published).toEqual(['two', 'three']);
});

test('says that the broker is out of reach, and does not go on trying', async () => {
  broker = 'ws://127.0.0.1:9/mqtt';
  await expect(open(() => {})).rejects.toMatchObject({ reason: 'brokerUnreachable' });
});

test('its client id is its peer id; a broker that takes 23 bytes at most gets those', async () => {
  const asked: string[] = [];
  aedes.authenticate = ({ id }, _user, _password, done) => {
    asked.push(id);
    const refused = Object.assign(new Error('too long'), { returnCode: 2 });
    if (id.length > 23) done(refused as AuthenticateError, null);
    else done(null, true);
  };
  const peer = '0123456789abcdef0123456789abcdef';
  const transport = await openMqttTransport({ broker, peer, topic: 'to/peer', receive: () => {} });
  transport.close();
  expect(asked).toEqual([peer, peer.slice(0, 23)]);
});

test('says who is out of reach, without the password in the address', async () => {
  await silence();
  const secret = broker.replace('ws://', 'ws://pupil:secret@');
  const opened = openMqttTransport({
    ...{ broker: secret, peer: 'peer-1', topic: 'to/peer', receive: () => {} },
  });
  await expect(opened).rejects.toThrow(/brokerUnreachable: ws:\/\/127\.0\.0\.1:/);
  await listen();
});

test('comes back after longer and longer pauses when each connection is ended at once', async () => {
  const accepted: number[] = [];
  aedes.on('clientReady', () => {
    accepted.push(performance.now());
    // The first one may say that it is heard; the others are thrown out as soon as they are in.
    if (accepted.length > 1) for (const socket of sockets.clients) socket.terminate();
  });
  const opened = mqttTransport(platformClock, () => 0);
  const transport = await opened({
    ...{ broker, peer: '0123456789abcdef0123456789abcdef', topic: 'to/peer', receive: () => {} },
  });
  for (const socket of sockets.clients) socket.terminate();
  await new Promise((resolve) => setTimeout(resolve, 4_500));
  transport.close();
  // A quarter of 1, 2, 4 and 8 s after the losses: 0.25, 0.75, 1.75 and 3.75 s. Not every 0.25 s.
  expect(accepted.length).toBeGreaterThan(2);
  expect(accepted.length).toBeLessThanOrEqual(5);
}, 10_000);

test('pauses are spread, and bounded', () => {
  expect([0, 1, 2, 9].map((attempt) => pauseMs(attempt, 1))).toEqual([1_000, 2_000, 4_000, 15_000]);
  expect(pauseMs(0, 0)).toBe(250);
});
