import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocketServer } from 'ws';

const [CONNECT, PUBLISH, SUBSCRIBE, PINGREQ] = [1, 3, 8, 12];

export interface HostedClient {
  readonly stream: Duplex;
  readonly clientId: string;
  readonly version: number;
  /** Ends or breaks the connection. */
  hangUp(how: 'end' | 'reset'): void;
  send(bytes: Uint8Array): Promise<void>;
}

export interface Manners {
  /** The only version spoken; others are refused with code 1. */
  readonly version?: 4 | 5;
  /** CONNACK code; undefined: no CONNACK. */
  readonly greeting?: number | undefined;
  /** Additional CONNACK properties (MQTT 5, 3.2.2.3), without their length. */
  readonly terms?: readonly number[];
  /** SUBACK code for each subscription; `never`: no SUBACK. */
  readonly suback?: number | 'never';
  /** Whether a ping is answered. */
  readonly pong?: boolean;
  /** Accepted; `nth` from 1. */
  readonly onClient?: (client: HostedClient, nth: number) => void;
  readonly onSubscribed?: (client: HostedClient) => void;
  readonly ackPublish?: boolean;
}

/** A broker whose packets a test controls byte by byte. */
export class HostileBroker {
  readonly clients: HostedClient[] = [];
  readonly published: number[] = [];
  /** Below the WebSockets. */
  readonly sockets: Socket[] = [];
  private readonly streams = new Set<Duplex>();
  private accepted = 0;
  private server: Server | HttpServer | undefined;

  private constructor(public manners: Manners) {}

  static async overTcp(manners: Manners): Promise<{ broker: HostileBroker; url: string }> {
    const broker = new HostileBroker(manners);
    const server = createServer((socket: Socket) => broker.serve(socket));
    return { broker, url: `mqtt://127.0.0.1:${await broker.listen(server)}` };
  }

  static async overWebSocket(manners: Manners): Promise<{ broker: HostileBroker; url: string }> {
    const broker = new HostileBroker(manners);
    const server = createHttpServer();
    server.on('connection', (socket) => broker.sockets.push(socket));
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) => broker.serve(createWebSocketStream(socket)));
    return { broker, url: `ws://127.0.0.1:${await broker.listen(server)}/mqtt` };
  }

  async close(): Promise<void> {
    for (const stream of this.streams) stream.destroy();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private async listen(server: Server | HttpServer): Promise<number> {
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  private serve(stream: Duplex): void {
    this.streams.add(stream);
    stream.on('error', () => {});
    stream.on('close', () => this.streams.delete(stream));
    let buffered = Buffer.alloc(0);
    let client: HostedClient | undefined;
    stream.on('data', (chunk: Buffer) => {
      buffered = Buffer.concat([buffered, chunk]);
      for (let packet = split(buffered); packet; packet = split(buffered)) {
        buffered = packet.rest;
        if (packet.kind === CONNECT) client = this.greet(stream, packet.body);
        else if (client) this.answer(client, packet.kind, packet.first, packet.body);
      }
    });
  }

  private greet(stream: Duplex, body: Buffer): HostedClient | undefined {
    const { version: spoken, greeting = 'greeting' in this.manners ? undefined : 0 } = this.manners;
    const version = body[6] ?? 0;
    const client = clientOn(stream, clientIdOf(body, version), version);
    this.clients.push(client);
    if (spoken !== undefined && spoken !== version) {
      stream.end(Buffer.from([0x20, 2, 0, 1]));
      return undefined;
    }
    if (greeting === undefined) return undefined;
    const { terms = [] } = this.manners;
    const five = [0x20, 3 + terms.length, 0, greeting, terms.length, ...terms];
    stream.write(Buffer.from(version === 5 ? five : [0x20, 2, 0, greeting]));
    if (greeting !== 0) stream.end();
    else {
      this.accepted += 1;
      this.manners.onClient?.(client, this.accepted);
    }
    return client;
  }

  private answer(client: HostedClient, kind: number, first: number, body: Buffer): void {
    const { suback = 1, onSubscribed, ackPublish = true, pong = true } = this.manners;
    const five = client.version === 5;
    const say = (bytes: number[]): void => void client.stream.write(Buffer.from(bytes));
    if (kind === PINGREQ && pong) say([0xd0, 0]);
    if (kind === SUBSCRIBE) {
      const id = [body[0] ?? 0, body[1] ?? 0];
      if (suback !== 'never') say(five ? [0x90, 4, ...id, 0, suback] : [0x90, 3, ...id, suback]);
      onSubscribed?.(client);
    }
    if (kind === PUBLISH && first & 2) {
      const at = 2 + body.readUInt16BE(0);
      this.published.push(body.length);
      if (ackPublish) say([0x40, 2, body[at] ?? 0, body[at + 1] ?? 0]);
    }
  }
}

/** The head of a PUBLISH whose payload of `length` bytes follows. */
export function publishHead(topic: string, length: number, version: number, first = 0x32): Buffer {
  const name = Buffer.from(topic);
  const id = first & 6 ? [0, 7] : [];
  const properties = version === 5 ? [0] : [];
  const variable = [name.length >> 8, name.length & 255, ...name, ...id, ...properties];
  return Buffer.from([first, ...lengthBytes(variable.length + length), ...variable]);
}

export function publish(topic: string, payload: Uint8Array, version: number, first = 0x32): Buffer {
  return Buffer.concat([publishHead(topic, payload.length, version, first), payload]);
}

function clientOn(stream: Duplex, clientId: string, version: number): HostedClient {
  return {
    ...{ stream, clientId, version },
    hangUp: (how) => {
      if (how === 'end') stream.end();
      else if ('resetAndDestroy' in stream) (stream as Socket).resetAndDestroy();
      else stream.destroy();
    },
    send: (bytes) =>
      new Promise((resolve) => {
        stream.write(bytes, () => resolve());
      }),
  };
}

function clientIdOf(body: Buffer, version: number): string {
  const at = 10 + (version === 5 ? 1 + (body[10] ?? 0) : 0);
  const length = body.readUInt16BE(at);
  return body.toString('utf8', at + 2, at + 2 + length);
}

function split(
  bytes: Buffer,
): { kind: number; first: number; body: Buffer; rest: Buffer<ArrayBuffer> } | undefined {
  let length = 0;
  for (let at = 1; at < bytes.length; at++) {
    const digit = bytes[at] ?? 0;
    length += (digit & 127) * 128 ** (at - 1);
    if (digit >= 128) continue;
    const end = at + 1 + length;
    if (bytes.length < end) return undefined;
    const first = bytes[0] ?? 0;
    const body = bytes.subarray(at + 1, end);
    return { kind: first >> 4, first, body, rest: Buffer.from(bytes.subarray(end)) };
  }
  return undefined;
}

function lengthBytes(length: number): number[] {
  const bytes: number[] = [];
  for (let left = length; ; left = Math.floor(left / 128)) {
    if (left < 128) return [...bytes, left];
    bytes.push(128 + (left % 128));
  }
}
