/** What one client of a TURN server has: a relayed address, permissions and channels (RFC 8656). */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:dgram';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import { type Address, ATTRIBUTE, CLASS, METHOD, writeStun } from './stun.ts';

/** Section 9: of a permission; section 12: of a channel. */
export const PERMISSION_MS = 5 * 60_000;
const CHANNEL_MS = 10 * 60_000;
const MIN_CHANNEL = 0x4000;
const MAX_CHANNEL = 0x4fff;

export interface TurnUser {
  readonly username: string;
  readonly credential: string;
  /** Brings a packet on its way, from this user (`out`) or to it. */
  readonly carry: (direction: 'out' | 'in', bytes: number, deliver: () => void) => void;
}

interface AllocationParts {
  readonly clock: Clock;
  readonly user: TurnUser;
  readonly client: Address;
  /** The relayed address. */
  readonly socket: Socket;
  readonly toClient: (packet: Buffer) => void;
  /** Nobody refreshed it in time. */
  readonly onEnd: () => void;
}

interface Channel {
  readonly number: number;
  readonly peer: Address;
  readonly untilMs: number;
}

export class Allocation {
  /** By address: a permission counts for all its ports. */
  private readonly permitted = new Map<string, number>();
  private channels: readonly Channel[] = [];
  private end: Timer | undefined;

  constructor(private readonly parts: AllocationParts) {
    parts.socket.on('message', (packet, peer) => this.fromPeer(packet, peer));
  }

  get client(): Address {
    return this.parts.client;
  }

  get username(): string {
    return this.parts.user.username;
  }

  get relayed(): Address {
    return this.parts.socket.address();
  }

  /** Lifetime from now on, unless refreshed. */
  last(seconds: number): void {
    this.end?.cancel();
    this.end = this.parts.clock.after(seconds * 1_000, this.parts.onEnd);
  }

  permit({ address }: Address): void {
    this.permitted.set(address, this.parts.clock.now() + PERMISSION_MS);
  }

  /** Implies a permission. False: there is no such channel, or it or the peer has another end. */
  bind(number: number, peer: Address): boolean {
    if (number < MIN_CHANNEL || number > MAX_CHANNEL) return false;
    const others = this.open.filter((one) => one.number !== number || !isSame(one.peer, peer));
    if (others.some((one) => one.number === number || isSame(one.peer, peer))) return false;
    const untilMs = this.parts.clock.now() + CHANNEL_MS;
    this.channels = [...others, { number, peer, untilMs }];
    this.permit(peer);
    return true;
  }

  channelData(packet: Buffer): void {
    if (packet.length < 4) return;
    const number = packet.readUInt16BE(0);
    const length = packet.readUInt16BE(2);
    const channel = this.open.find((one) => one.number === number);
    if (channel && packet.length >= 4 + length)
      this.sendTo(channel.peer, packet.subarray(4, 4 + length));
  }

  /** Dropped silently without a permission (RFC 8656, 9). */
  sendTo(peer: Address, data: Buffer): void {
    if (!this.isPermitted(peer)) return;
    // A port that nobody can send to is an error of the packet, not of ours.
    this.parts.user.carry('out', data.length, () => send(this.parts.socket, data, peer));
  }

  close(): void {
    this.end?.cancel();
    this.parts.socket.close();
  }

  private fromPeer(data: Buffer, peer: Address): void {
    if (!this.isPermitted(peer)) return;
    const channel = this.open.find((one) => isSame(one.peer, peer));
    const wrapped = wrap(data, peer, channel?.number);
    this.parts.user.carry('in', data.length, () => this.parts.toClient(wrapped));
  }

  private isPermitted({ address }: Address): boolean {
    return this.parts.clock.now() < (this.permitted.get(address) ?? 0);
  }

  private get open(): readonly Channel[] {
    return this.channels.filter(({ untilMs }) => this.parts.clock.now() < untilMs);
  }
}

const isSame = (a: Address, b: Address): boolean => a.address === b.address && a.port === b.port;

function wrap(data: Buffer, peer: Address, channel: number | undefined): Buffer {
  if (channel !== undefined) {
    const head = Buffer.alloc(4);
    head.writeUInt16BE(channel, 0);
    head.writeUInt16BE(data.length, 2);
    return Buffer.concat([head, data]);
  }
  return writeStun(METHOD.data, CLASS.indication, randomBytes(12), [
    [ATTRIBUTE.xorPeerAddress, peer],
    [ATTRIBUTE.data, data],
  ]);
}

/** Never throws: a socket that was closed while a packet was held back loses the packet. */
export function send(socket: Socket, packet: Buffer, to: Address): void {
  if (to.port === 0) return;
  try {
    socket.send(packet, to.port, to.address, () => {});
  } catch {
    // Closed.
  }
}
