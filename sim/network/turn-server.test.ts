import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimClock } from '../time/sim-clock.ts';
import {
  type Address,
  ATTRIBUTE,
  CLASS,
  METHOD,
  readStun,
  readXorAddress,
  type StunMessage,
  uint32,
  utf8,
  writeStun,
  xorAddress,
} from './stun.ts';
import { TurnServer } from './turn-server.ts';

const HOST = '127.0.0.1';
const sockets: Socket[] = [];
let server: TurnServer;
let entry: Address;
let carried: string[];
let clock: SimClock;

beforeEach(async () => {
  clock = new SimClock();
  carried = [];
  const socket = await bound();
  entry = socket.address();
  server = new TurnServer({
    clock,
    socket,
    openSocket: bound,
    username: 'robot',
    credential: 'secret',
    carry: (direction, bytes, deliver) => {
      carried.push(`${direction} ${bytes}`);
      deliver();
    },
  });
});

afterEach(() => {
  server.close();
  for (const socket of sockets.splice(0))
    try {
      socket.close();
    } catch {
      // The server has closed this one.
    }
});

function bound(): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    sockets.push(socket);
    socket.bind(0, HOST, () => resolve(socket));
  });
}

const next = (socket: Socket): Promise<{ packet: Buffer; from: Address }> =>
  new Promise((resolve) => socket.once('message', (packet, from) => resolve({ packet, from })));

/** A client that knows the password, as WebRTC libraries do it. */
class Client {
  private nonce = '';
  private realm = '';

  constructor(
    readonly socket: Socket,
    private readonly password = 'secret',
  ) {}

  async ask(
    method: number,
    attributes: [number, Buffer][] = [],
    signed = true,
  ): Promise<StunMessage> {
    const all: [number, Buffer][] = signed
      ? [
          ...attributes,
          [ATTRIBUTE.username, utf8('robot')],
          [ATTRIBUTE.realm, utf8(this.realm)],
          [ATTRIBUTE.nonce, utf8(this.nonce)],
        ]
      : attributes;
    const key = createHash('md5').update(`robot:${this.realm}:${this.password}`).digest();
    const reply = next(this.socket);
    this.socket.send(
      writeStun(method, CLASS.request, randomBytes(12), all, signed ? key : undefined),
      entry.port,
      HOST,
    );
    const message = readStun((await reply).packet);
    if (!message) throw new Error('the answer is no STUN message');
    this.realm = message.attributes.get(ATTRIBUTE.realm)?.toString() ?? this.realm;
    this.nonce = message.attributes.get(ATTRIBUTE.nonce)?.toString() ?? this.nonce;
    return message;
  }

  async allocate(): Promise<Address> {
    const wanted: [number, Buffer][] = [[ATTRIBUTE.requestedTransport, Buffer.from([17, 0, 0, 0])]];
    await this.ask(METHOD.allocate, wanted, false);
    const { attributes } = await this.ask(METHOD.allocate, wanted);
    const relayed = readXorAddress(attributes.get(ATTRIBUTE.xorRelayedAddress));
    if (!relayed) throw new Error('no relayed address');
    return relayed;
  }
}

const codeOf = (message: StunMessage): number | undefined => {
  const value = message.attributes.get(ATTRIBUTE.errorCode);
  return value && (value[2] ?? 0) * 100 + (value[3] ?? 0);
};

describe('TurnServer', () => {
  it('carries packets both ways, by indication and by channel', async () => {
    const [client, peer] = [new Client(await bound()), await bound()];
    const relayed = await client.allocate();
    const peerAddress = xorAddress(peer.address());

    const arrived = next(peer);
    const data: [number, Buffer][] = [
      [ATTRIBUTE.xorPeerAddress, peerAddress],
      [ATTRIBUTE.data, utf8('hello')],
    ];
    client.socket.send(
      writeStun(METHOD.send, CLASS.indication, randomBytes(12), data),
      entry.port,
      HOST,
    );
    expect(await arrived).toMatchObject({ packet: utf8('hello'), from: { port: relayed.port } });

    const back = next(client.socket);
    peer.send('hi', relayed.port, HOST);
    const indication = readStun((await back).packet);
    expect(indication?.attributes.get(ATTRIBUTE.data)?.toString()).toBe('hi');
    expect(readXorAddress(indication?.attributes.get(ATTRIBUTE.xorPeerAddress))).toEqual({
      address: HOST,
      port: peer.address().port,
    });

    const channel = Buffer.from([0x40, 0x01, 0, 0]);
    const bind = await client.ask(METHOD.channelBind, [
      [ATTRIBUTE.channelNumber, channel],
      [ATTRIBUTE.xorPeerAddress, peerAddress],
    ]);
    expect(bind.kind).toBe(CLASS.success);
    const byChannel = next(client.socket);
    peer.send('short', relayed.port, HOST);
    expect((await byChannel).packet).toEqual(
      Buffer.concat([Buffer.from([0x40, 0x01, 0, 5]), utf8('short')]),
    );
    expect(carried).toEqual(['out 5', 'in 2', 'in 5']);
  });

  it('serves nobody without the password', async () => {
    const thief = new Client(await bound(), 'guess');
    await expect(thief.allocate()).rejects.toThrow('no relayed address');
    expect(codeOf(await thief.ask(METHOD.refresh))).toBe(401);
  });

  it('ends an allocation when asked, and when nobody refreshes it', async () => {
    const client = new Client(await bound());
    await client.allocate();
    expect((await client.ask(METHOD.refresh, [[ATTRIBUTE.lifetime, uint32(0)]])).kind).toBe(
      CLASS.success,
    );
    expect(codeOf(await client.ask(METHOD.refresh))).toBe(437);
    await client.allocate();
    await clock.advance(601_000);
    expect(codeOf(await client.ask(METHOD.refresh))).toBe(437);
  });

  it('outlives garbage', async () => {
    const client = new Client(await bound());
    await client.allocate();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), async (bytes) => {
        client.socket.send(bytes, entry.port, HOST);
      }),
    );
    expect((await client.ask(METHOD.createPermission)).kind).toBe(CLASS.success);
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
              [ATTRIBUTE.xorPeerAddress, xorAddress(address)],
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
