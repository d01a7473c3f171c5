/**
 * A TURN server (RFC 8656) over UDP, as small as browsers' and robots' WebRTC allow: long-term
 * credentials, Allocate, Refresh, CreatePermission, ChannelBind, Send and Data. All that users carry
 * goes through their `carry`, which may hold packets back or lose them.
 *
 * It refuses what coturn refuses: turn.contract.ts is played on both.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Socket } from 'node:dgram';
import type { Clock } from '../../hal/ports/clock.ts';
import {
  type Address,
  ATTRIBUTE,
  type Attributes,
  CLASS,
  errorCode,
  isAuthentic,
  METHOD,
  readStun,
  readXorAddress,
  type StunMessage,
  writeStun,
} from './stun.ts';
import { Allocation, send, type TurnUser } from './turn-allocation.ts';

interface TurnParts {
  readonly clock: Clock;
  /** Where clients come in, bound already. */
  readonly socket: Socket;
  /** A new bound UDP socket for one allocation. */
  readonly openSocket: () => Promise<Socket>;
  readonly users: readonly TurnUser[];
}

const REALM = 'deskmate-simulator';
const UDP = 17;
const IPV4 = 1;
const LIFETIME_S = 600;
/** As a real one it keeps what a killed agent left for LIFETIME_S: 2 a session here, of many agents. */
const MAX_ALLOCATIONS = 512;

/** Why a request is refused (RFC 8489, section 14.8; RFC 8656, section 18.2). */
const REFUSALS = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  420: 'Unknown Attribute',
  437: 'Allocation Mismatch',
  438: 'Stale Nonce',
  440: 'Address Family not Supported',
  441: 'Wrong Credentials',
  442: 'Unsupported Transport Protocol',
  486: 'Allocation Quota Reached',
} as const;
type Code = keyof typeof REFUSALS;

/** What the answer says beside its head, or why there is none. */
type Outcome = Attributes | Code;

const KNOWN = new Set<number>(Object.values(ATTRIBUTE));
/** Below it, who does not understand an attribute must not answer as if it did. */
const OPTIONAL = 0x8000;

const name = ({ address, port }: Address): string => `${address}:${port}`;

export class TurnServer {
  private readonly allocations = new Map<string, Allocation>();
  private readonly nonce = randomBytes(12).toString('hex');
  private readonly users = new Map<string, TurnUser & { readonly key: Buffer }>();

  constructor(private readonly parts: TurnParts) {
    for (const user of parts.users) {
      const secret = `${user.username}:${REALM}:${user.credential}`;
      this.users.set(user.username, { ...user, key: createHash('md5').update(secret).digest() });
    }
    parts.socket.on('message', (packet, from) => this.take(packet, from));
  }

  close(): void {
    for (const allocation of [...this.allocations.values()]) this.release(allocation);
  }

  private take(packet: Buffer, from: Address): void {
    const known = this.allocations.get(name(from));
    const first = packet[0] ?? 0;
    if (first >= 0x40 && first < 0x50) {
      known?.channelData(packet);
      return;
    }
    const message = readStun(packet);
    if (!message) return;
    if (message.kind === CLASS.indication) {
      const peer = readXorAddress(message.attributes.get(ATTRIBUTE.xorPeerAddress));
      const data = message.attributes.get(ATTRIBUTE.data);
      if (message.method === METHOD.send && peer && data) known?.sendTo(peer, data);
    } else if (message.kind === CLASS.request) void this.request(message, from, known);
  }

  private async request(
    message: StunMessage,
    from: Address,
    known: Allocation | undefined,
  ): Promise<void> {
    const strange = [...message.attributes.keys()].filter((a) => a < OPTIONAL && !KNOWN.has(a));
    if (strange.length > 0)
      return this.refuse(message, from, 420, [[ATTRIBUTE.unknownAttributes, uint16s(strange)]]);
    if (message.method === METHOD.binding)
      return this.succeed(message, from, [[ATTRIBUTE.xorMappedAddress, from]]);
    const user = this.userOf(message);
    const outcome = typeof user === 'number' ? user : await this.act(message, from, user, known);
    if (typeof outcome === 'number') this.refuse(message, from, outcome);
    else this.succeed(message, from, outcome, typeof user === 'number' ? undefined : user.key);
  }

  private userOf(message: StunMessage): (TurnUser & { readonly key: Buffer }) | Code {
    const { attributes } = message;
    if (!message.signed) return 401;
    const user = this.users.get(attributes.get(ATTRIBUTE.username)?.toString() ?? '');
    if (attributes.get(ATTRIBUTE.nonce)?.toString() !== this.nonce) return 438;
    return user && isAuthentic(message, user.key) ? user : 401;
  }

  private act(
    message: StunMessage,
    from: Address,
    user: TurnUser,
    known: Allocation | undefined,
  ): Outcome | Promise<Outcome> {
    if (message.method === METHOD.allocate) return known ? 437 : this.allocate(message, from, user);
    if (!known) return 437;
    if (known.username !== user.username) return 441;
    if (message.method === METHOD.refresh) return this.refresh(message, known);
    const peers = message.peers.map(readXorAddress);
    if (peers.length === 0 || !peers.every((peer) => peer !== undefined)) return 400;
    if (!peers.every((peer) => this.mayLeadTo(peer))) return 403;
    if (message.method === METHOD.createPermission) {
      for (const peer of peers) known.permit(peer);
      return [];
    }
    const [peer] = peers;
    const channel = message.attributes.get(ATTRIBUTE.channelNumber);
    if (message.method !== METHOD.channelBind || !peer || channel?.length !== 4) return 400;
    return known.bind(channel.readUInt16BE(), peer) ? [] : 400;
  }

  /** Not to "this host", to groups, or past the network; to itself only where it is the network. */
  private mayLeadTo({ address }: Address): boolean {
    const first = Number(address.split('.', 1)[0]);
    const onLoopback = this.parts.socket.address().address.startsWith('127.');
    return first > 0 && first < 224 && (first !== 127 || onLoopback);
  }

  private async allocate(
    { attributes }: StunMessage,
    from: Address,
    user: TurnUser,
  ): Promise<Outcome> {
    const transport = attributes.get(ATTRIBUTE.requestedTransport);
    if (transport?.length !== 4) return 400;
    if (transport[0] !== UDP) return 442;
    const family = attributes.get(ATTRIBUTE.requestedFamily);
    if (family && family[0] !== IPV4) return 440;
    if (this.allocations.size >= MAX_ALLOCATIONS) return 486;
    const { clock, socket, openSocket } = this.parts;
    const allocation = new Allocation({
      ...{ clock, user, socket: await openSocket() },
      client: { address: from.address, port: from.port },
      toClient: (packet) => send(socket, packet, from),
      onEnd: () => this.release(allocation),
    });
    this.allocations.set(name(from), allocation);
    allocation.last(LIFETIME_S);
    return [
      [ATTRIBUTE.xorRelayedAddress, allocation.relayed],
      [ATTRIBUTE.xorMappedAddress, from],
      [ATTRIBUTE.lifetime, LIFETIME_S],
    ];
  }

  private refresh({ attributes }: StunMessage, allocation: Allocation): Outcome {
    const asked = attributes.get(ATTRIBUTE.lifetime);
    const seconds = Math.min(asked?.length === 4 ? asked.readUInt32BE() : LIFETIME_S, LIFETIME_S);
    if (seconds === 0) this.release(allocation);
    else allocation.last(seconds);
    return [[ATTRIBUTE.lifetime, seconds]];
  }

  private release(allocation: Allocation): void {
    if (this.allocations.delete(name(allocation.client))) allocation.close();
  }

  private succeed(message: StunMessage, to: Address, attributes: Attributes, key?: Buffer): void {
    const { method, transaction } = message;
    send(this.parts.socket, writeStun(method, CLASS.success, transaction, attributes, key), to);
  }

  private refuse(message: StunMessage, to: Address, code: Code, more: Attributes = []): void {
    const attributes = [
      [ATTRIBUTE.errorCode, errorCode(code, REFUSALS[code])],
      [ATTRIBUTE.realm, REALM],
      [ATTRIBUTE.nonce, this.nonce],
      ...more,
    ] as const;
    const { method, transaction } = message;
    send(this.parts.socket, writeStun(method, CLASS.error, transaction, attributes), to);
  }
}

function uint16s(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value, i * 2);
  return bytes;
}
