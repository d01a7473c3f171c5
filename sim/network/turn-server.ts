/**
 * A TURN server (RFC 8656) over UDP, as small as browsers' and robots' WebRTC allow: long-term
 * credentials, Allocate, Refresh, CreatePermission, ChannelBind, Send and Data. All that it carries
 * goes through `carry`, which may hold packets back or lose them.
 *
 * It is a piece of simulated network on one machine and more open than a real one: permissions are
 * granted, not enforced, so that a pupil whose browser hides its address (mDNS candidates) gets in.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Socket } from 'node:dgram';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import {
  type Address,
  ATTRIBUTE,
  CLASS,
  errorCode,
  isAuthentic,
  METHOD,
  readStun,
  readXorAddress,
  type StunMessage,
  uint32,
  utf8,
  writeStun,
  xorAddress,
} from './stun.ts';

interface TurnParts {
  readonly clock: Clock;
  /** Where clients come in, bound already. */
  readonly socket: Socket;
  /** A new bound UDP socket for one allocation. */
  readonly openSocket: () => Promise<Socket>;
  readonly username: string;
  readonly credential: string;
  readonly carry: (direction: 'out' | 'in', bytes: number, deliver: () => void) => void;
}

interface Allocation {
  readonly client: Address;
  readonly socket: Socket;
  readonly peerOf: Map<number, Address>;
  readonly channelOf: Map<string, number>;
  end: Timer;
}

const REALM = 'deskmate-simulator';
const UDP = 17;
const LIFETIME_S = 600;
/** As a real one it keeps what a killed agent left for LIFETIME_S: 2 a session here, of many agents. */
const MAX_ALLOCATIONS = 512;
const MIN_CHANNEL = 0x4000;
const MAX_CHANNEL = 0x4fff;

const name = ({ address, port }: Address): string => `${address}:${port}`;

export class TurnServer {
  private readonly allocations = new Map<string, Allocation>();
  private readonly nonce = randomBytes(12).toString('hex');
  private readonly key: Buffer;

  constructor(private readonly parts: TurnParts) {
    const { username, credential } = parts;
    this.key = createHash('md5').update(`${username}:${REALM}:${credential}`).digest();
    parts.socket.on('message', (packet, from) => this.take(packet, from));
  }

  close(): void {
    for (const allocation of [...this.allocations.values()]) this.release(allocation);
  }

  private take(packet: Buffer, from: Address): void {
    const known = this.allocations.get(name(from));
    const first = packet[0] ?? 0;
    if (first >= 0x40 && first < 0x50) {
      if (known) this.channelData(known, packet);
      return;
    }
    const message = readStun(packet);
    if (!message) return;
    if (message.kind === CLASS.indication) {
      if (known && message.method === METHOD.send) this.sendIndication(known, message);
    } else if (message.kind === CLASS.request) void this.request(message, from, known);
  }

  private async request(
    message: StunMessage,
    from: Address,
    known: Allocation | undefined,
  ): Promise<void> {
    if (message.method === METHOD.binding)
      return this.succeed(message, from, [[ATTRIBUTE.xorMappedAddress, xorAddress(from)]]);
    if (!this.mayAsk(message)) return this.refuse(message, from, 401, 'Unauthorized');
    if (message.method === METHOD.allocate) return this.allocate(message, from, known);
    if (!known) return this.refuse(message, from, 437, 'Allocation Mismatch');
    if (message.method === METHOD.refresh) return this.refresh(message, known);
    if (message.method === METHOD.createPermission) return this.succeed(message, from, []);
    if (message.method === METHOD.channelBind) return this.bindChannel(message, known);
    this.refuse(message, from, 400, 'Bad Request');
  }

  private mayAsk(message: StunMessage): boolean {
    const { attributes } = message;
    return (
      attributes.get(ATTRIBUTE.username)?.toString() === this.parts.username &&
      attributes.get(ATTRIBUTE.nonce)?.toString() === this.nonce &&
      isAuthentic(message, this.key)
    );
  }

  private async allocate(
    message: StunMessage,
    from: Address,
    known: Allocation | undefined,
  ): Promise<void> {
    if (known) return this.refuse(message, from, 437, 'Allocation Mismatch');
    if (message.attributes.get(ATTRIBUTE.requestedTransport)?.[0] !== UDP)
      return this.refuse(message, from, 442, 'Unsupported Transport Protocol');
    if (this.allocations.size >= MAX_ALLOCATIONS)
      return this.refuse(message, from, 486, 'Allocation Quota Reached');
    const socket = await this.parts.openSocket();
    const allocation: Allocation = {
      client: { address: from.address, port: from.port },
      socket,
      peerOf: new Map(),
      channelOf: new Map(),
      end: this.parts.clock.after(LIFETIME_S * 1000, () => this.release(allocation)),
    };
    this.allocations.set(name(from), allocation);
    socket.on('message', (packet, peer) => this.fromPeer(allocation, packet, peer));
    this.succeed(message, from, [
      [ATTRIBUTE.xorRelayedAddress, xorAddress(socket.address())],
      [ATTRIBUTE.xorMappedAddress, xorAddress(from)],
      [ATTRIBUTE.lifetime, uint32(LIFETIME_S)],
    ]);
  }

  private refresh(message: StunMessage, allocation: Allocation): void {
    const asked = message.attributes.get(ATTRIBUTE.lifetime);
    const seconds = Math.min(asked?.length === 4 ? asked.readUInt32BE() : LIFETIME_S, LIFETIME_S);
    allocation.end.cancel();
    this.succeed(message, allocation.client, [[ATTRIBUTE.lifetime, uint32(seconds)]]);
    if (seconds === 0) this.release(allocation);
    else allocation.end = this.parts.clock.after(seconds * 1000, () => this.release(allocation));
  }

  private bindChannel(message: StunMessage, allocation: Allocation): void {
    const channel = message.attributes.get(ATTRIBUTE.channelNumber)?.readUInt16BE() ?? 0;
    const peer = readXorAddress(message.attributes.get(ATTRIBUTE.xorPeerAddress));
    if (!peer || channel < MIN_CHANNEL || channel > MAX_CHANNEL) {
      this.refuse(message, allocation.client, 400, 'Bad Request');
      return;
    }
    allocation.peerOf.set(channel, peer);
    allocation.channelOf.set(name(peer), channel);
    this.succeed(message, allocation.client, []);
  }

  private channelData(allocation: Allocation, packet: Buffer): void {
    if (packet.length < 4) return;
    const peer = allocation.peerOf.get(packet.readUInt16BE(0));
    const length = packet.readUInt16BE(2);
    if (peer && packet.length >= 4 + length)
      this.toPeer(allocation, packet.subarray(4, 4 + length), peer);
  }

  private sendIndication(allocation: Allocation, { attributes }: StunMessage): void {
    const peer = readXorAddress(attributes.get(ATTRIBUTE.xorPeerAddress));
    const data = attributes.get(ATTRIBUTE.data);
    if (peer && data) this.toPeer(allocation, data, peer);
  }

  private toPeer({ socket }: Allocation, data: Buffer, peer: Address): void {
    // A port that nobody can send to is an error of the packet, not of ours.
    this.parts.carry('out', data.length, () => send(socket, data, peer));
  }

  private fromPeer(allocation: Allocation, data: Buffer, peer: Address): void {
    const { client } = allocation;
    const wrapped = wrap(data, peer, allocation.channelOf.get(name(peer)));
    this.parts.carry('in', data.length, () => send(this.parts.socket, wrapped, client));
  }

  private release(allocation: Allocation): void {
    allocation.end.cancel();
    if (this.allocations.delete(name(allocation.client))) allocation.socket.close();
  }

  private succeed(
    message: StunMessage,
    to: Address,
    attributes: readonly (readonly [number, Buffer])[],
  ): void {
    const { method, transaction } = message;
    const key = method === METHOD.binding ? undefined : this.key;
    send(this.parts.socket, writeStun(method, CLASS.success, transaction, attributes, key), to);
  }

  private refuse(message: StunMessage, to: Address, code: number, reason: string): void {
    const attributes = [
      [ATTRIBUTE.errorCode, errorCode(code, reason)],
      [ATTRIBUTE.realm, utf8(REALM)],
      [ATTRIBUTE.nonce, utf8(this.nonce)],
    ] as const;
    const { method, transaction } = message;
    send(this.parts.socket, writeStun(method, CLASS.error, transaction, attributes), to);
  }
}

function wrap(data: Buffer, peer: Address, channel: number | undefined): Buffer {
  if (channel !== undefined) {
    const head = Buffer.alloc(4);
    head.writeUInt16BE(channel, 0);
    head.writeUInt16BE(data.length, 2);
    return Buffer.concat([head, data]);
  }
  return writeStun(METHOD.data, CLASS.indication, randomBytes(12), [
    [ATTRIBUTE.xorPeerAddress, xorAddress(peer)],
    [ATTRIBUTE.data, data],
  ]);
}

/** Never throws: a socket that was closed while a packet was held back loses the packet. */
function send(socket: Socket, packet: Buffer, to: Address): void {
  if (to.port === 0) return;
  try {
    socket.send(packet, to.port, to.address, () => {});
  } catch {
    // Closed.
  }
}
