import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimClock } from '../time/sim-clock.ts';
import { ATTRIBUTE, CLASS, METHOD, readStun, readXorAddress, writeStun } from './stun.ts';
import { byUdp, codeOf, relayedOf, TurnClient, type Way } from './testing/turn-client.ts';
import { turnContract } from './turn.contract.ts';
import { PERMISSION_MS } from './turn-allocation.ts';
import { TurnServer } from './turn-server.ts';

const HOST = '127.0.0.1';
const credentials = { username: 'robot', credential: 'secret' };
const sockets: Socket[] = [];
const ways: Way[] = [];
let server: TurnServer;
let port: number;
let carried: string[];
let clock: SimClock;

beforeEach(async () => {
  clock = new SimClock();
  carried = [];
  const socket = await bound();
  port = socket.address().port;
  const carry = (direction: string, bytes: number, deliver: () => void): void => {
    carried.push(`${direction} ${bytes}`);
    deliver();
  };
  const users = [
    { ...credentials, carry },
    { username: 'pupils', credential: 'other', carry },
  ];
  server = new TurnServer({ clock, socket, openSocket: bound, users });
});

afterEach(() => {
  server.close();
  for (const way of ways.splice(0)) way.close();
  for (const socket of sockets.splice(0))
    try {
      socket.close();
    } catch {
      // The server has closed this one.
    }
});

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  socket.bind(0, HOST);
  await once(socket, 'listening');
  return socket;
}

function connected(way = byUdp(port), as = credentials): TurnClient {
  ways.push(way);
  return new TurnClient(way, as);
}

describe('TurnServer', () => {
  turnContract(() => ({
    ...{ port, credentials },
    outlivePermission: () => clock.advance(PERMISSION_MS + 1),
  }));

  it('carries packets both ways, by indication and by channel', async () => {
    const [client, peer] = [connected(), await bound()];
    const relayed = relayedOf(await client.allocate());
    await client.permit(peer.address());

    const arrived = once(peer, 'message');
    client.sendTo(peer.address(), 'hello');
    expect(await arrived).toMatchObject([Buffer.from('hello'), { port: relayed.port }]);

    peer.send('hi', relayed.port, HOST);
    expect(await client.hear()).toEqual({ text: 'hi', port: peer.address().port });

    expect(codeOf(await client.bind(0x4001, peer.address()))).toBe('success');
    peer.send('short', relayed.port, HOST);
    expect(await client.way.next()).toEqual(
      Buffer.concat([Buffer.from([0x40, 0x01, 0, 5]), Buffer.from('short')]),
    );
    expect(carried).toEqual(['out 5', 'in 2', 'in 5']);
  });

  it('serves nobody without the password', async () => {
    const thief = connected(byUdp(port), { username: 'robot', credential: 'guess' });
    const allocated = await thief.allocate();
    expect(() => relayedOf(allocated)).toThrow('no relayed address');
    expect(codeOf(await thief.ask(METHOD.refresh))).toBe(401);
  });

  it('gives nobody else a say in an allocation', async () => {
    const way = byUdp(port);
    await connected(way).allocate();
    const other = new TurnClient(way, { username: 'pupils', credential: 'other' });
    await other.ask(METHOD.refresh, [], false);
    expect(codeOf(await other.ask(METHOD.refresh))).toBe(441);
  });

  it('says why in the words of the RFC', async () => {
    const client = connected();
    await client.ask(METHOD.allocate, [], false);
    const overTcp = [[ATTRIBUTE.requestedTransport, 6 << 24]] as const;
    expect(codeOf(await client.ask(METHOD.allocate, overTcp))).toBe(442);
    expect(codeOf(await client.permit({ address: HOST, port: 9 }))).toBe(437);
    await client.allocate();
    expect(codeOf(await client.bind(0x5000, { address: HOST, port: 9 }))).toBe(400);
  });

  it('ends an allocation when asked, and when nobody refreshes it', async () => {
    const client = connected();
    await client.allocate();
    expect((await client.ask(METHOD.refresh, [[ATTRIBUTE.lifetime, 0]])).kind).toBe(CLASS.success);
    expect(codeOf(await client.ask(METHOD.refresh))).toBe(437);
    await client.allocate();
    await clock.advance(601_000);
    expect(codeOf(await client.ask(METHOD.refresh))).toBe(437);
  });

  it('outlives garbage', async () => {
    const client = connected();
    await client.allocate();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), async (bytes) => {
        client.way.send(Buffer.from(bytes));
      }),
    );
    expect((await client.permit({ address: HOST, port: 9 })).kind).toBe(CLASS.success);
  });
});

describe('STUN messages', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.integer({ min: 1, max: 65_535 }),
        (bytes, port) => {
          const transaction = randomBytes(12);
          const address = { address: '192.0.2.7', port };
          const message = readStun(
            writeStun(METHOD.data, CLASS.indication, transaction, [
              [ATTRIBUTE.data, Buffer.from(bytes)],
              [ATTRIBUTE.xorPeerAddress, address],
            ]),
          );
          expect(message).toMatchObject({
            method: METHOD.data,
            kind: CLASS.indication,
            transaction,
          });
          expect(message?.attributes.get(ATTRIBUTE.data)).toEqual(Buffer.from(bytes));
          expect(readXorAddress(message?.attributes.get(ATTRIBUTE.xorPeerAddress))).toEqual(
            address,
          );
        },
      ),
    );
  });

  it('are refused when they are anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(readStun(Buffer.from(bytes))).toBeUndefined();
      }),
    );
  });
});
