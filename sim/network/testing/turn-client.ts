/** As much of a TURN client as shows what a relay does and refuses (RFC 8656). */
import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:tls';
import {
  type Address,
  ATTRIBUTE,
  type Attributes,
  CLASS,
  METHOD,
  readStun,
  readXorAddress,
  type StunMessage,
  uint32,
  writeStun,
} from '../stun.ts';

export interface Credentials {
  readonly username: string;
  readonly credential: string;
}

/** Packets to a relay and from it. */
export interface Way {
  send(packet: Buffer): void;
  /** The next that comes; rejects after ANSWER_MS. */
  next(): Promise<Buffer>;
  close(): void;
}

const ANSWER_MS = 3_000;
/** Protocol number of UDP, and three reserved bytes. */
export const OVER_UDP: Attributes = [[ATTRIBUTE.requestedTransport, 17 << 24]];

export class TurnClient {
  private realm = '';
  /** The relay's; wrong until it has said one. */
  nonce = 'none';

  constructor(
    readonly way: Way,
    private readonly credentials: Credentials,
  ) {}

  async ask(method: number, attributes: Attributes = [], signed = true): Promise<StunMessage> {
    const { username, credential } = this.credentials;
    const key = createHash('md5').update(`${username}:${this.realm}:${credential}`).digest();
    const proof: Attributes = [
      [ATTRIBUTE.username, username],
      [ATTRIBUTE.realm, this.realm],
      [ATTRIBUTE.nonce, this.nonce],
    ];
    const all = signed ? [...attributes, ...proof] : attributes;
    const transaction = randomBytes(12);
    this.way.send(writeStun(method, CLASS.request, transaction, all, signed ? key : undefined));
    const message = readStun(await this.way.next());
    if (!message) throw new Error('what the relay says is no STUN');
    this.realm = message.attributes.get(ATTRIBUTE.realm)?.toString() ?? this.realm;
    this.nonce = message.attributes.get(ATTRIBUTE.nonce)?.toString() ?? this.nonce;
    return message;
  }

  /** Asks twice: the first answer holds realm and nonce. */
  async allocate(): Promise<StunMessage> {
    await this.ask(METHOD.allocate, OVER_UDP, false);
    return this.ask(METHOD.allocate, OVER_UDP);
  }

  permit(...peers: readonly Address[]): Promise<StunMessage> {
    const addresses = peers.map((peer) => [ATTRIBUTE.xorPeerAddress, peer] as const);
    return this.ask(METHOD.createPermission, addresses);
  }

  bind(channel: number, peer: Address): Promise<StunMessage> {
    return this.ask(METHOD.channelBind, [
      [ATTRIBUTE.channelNumber, channel * 2 ** 16],
      [ATTRIBUTE.xorPeerAddress, peer],
    ]);
  }

  /** By Send indication. */
  sendTo(peer: Address, text: string): void {
    const attributes: Attributes = [
      [ATTRIBUTE.xorPeerAddress, peer],
      [ATTRIBUTE.data, text],
    ];
    this.way.send(writeStun(METHOD.send, CLASS.indication, randomBytes(12), attributes));
  }

  sendBy(channel: number, text: string): void {
    const data = Buffer.from(text);
    this.way.send(Buffer.concat([uint32(channel * 2 ** 16 + data.length), data]));
  }

  /** The next packet of a peer: its text, and the channel or the port by which it came. */
  async hear(): Promise<{ text: string; channel?: number; port?: number }> {
    const packet = await this.way.next();
    const message = readStun(packet);
    if (!message) {
      const text = packet.subarray(4, 4 + packet.readUInt16BE(2)).toString();
      return { text, channel: packet.readUInt16BE(0) };
    }
    const peer = readXorAddress(message.attributes.get(ATTRIBUTE.xorPeerAddress));
    const text = message.attributes.get(ATTRIBUTE.data)?.toString() ?? '';
    return { text, ...(peer && { port: peer.port }) };
  }
}

/** `success`, or the code of the refusal. */
export function codeOf({ kind, attributes }: StunMessage): number | 'success' {
  if (kind === CLASS.success) return 'success';
  const error = attributes.get(ATTRIBUTE.errorCode) ?? Buffer.alloc(4);
  return error.readUInt8(2) * 100 + error.readUInt8(3);
}

/** Where a success answer says that packets for the client are taken. */
export function relayedOf({ attributes }: StunMessage): Address {
  const relayed = readXorAddress(attributes.get(ATTRIBUTE.xorRelayedAddress));
  if (!relayed) throw new Error('no relayed address');
  return relayed;
}

/** `allocated` or the code and words of the relay; then whether it lets us send to `peer`. */
export async function allocate(
  way: Way,
  credentials: Credentials,
  peer?: string,
): Promise<{ readonly allocated: string; readonly permitted?: string }> {
  try {
    const client = new TurnClient(way, credentials);
    const allocated = told(await client.allocate(), 'allocated');
    if (peer === undefined || allocated !== 'allocated') return { allocated };
    return {
      allocated,
      permitted: told(await client.permit({ address: peer, port: 9 }), 'permitted'),
    };
  } finally {
    way.close();
  }
}

/** Whether a relay is up at that port of this machine, and takes these credentials or refuses them. */
export const isRelaying = (port: number, credentials: Credentials): Promise<boolean> =>
  allocate(byUdp(port), credentials).then(
    () => true,
    () => false,
  );

export function byUdp(port: number): Way {
  const socket = createSocket('udp4');
  const packets = new Packets();
  socket.on('message', (bytes) => packets.put(bytes));
  return {
    send: (packet) => socket.send(packet, port, '127.0.0.1'),
    next: () => packets.next(),
    close: () => socket.close(),
  };
}

export function byTls(port: number, ca: string, servername: string): Way {
  const socket = connect({ port, host: '127.0.0.1', ca, servername });
  const packets = new Packets();
  socket.on('data', (bytes) => packets.put(bytes));
  socket.on('error', (error) => packets.fail(error));
  return {
    send: (packet) => socket.write(packet),
    next: () => packets.next(),
    close: () => socket.destroy(),
  };
}

/** What has come and was not asked for yet. */
export class Packets {
  private readonly waiting: Buffer[] = [];
  private failure: Error | undefined;
  private wake: () => void = () => {};

  put(packet: Buffer): void {
    this.waiting.push(packet);
    this.wake();
  }

  fail(error: Error): void {
    this.failure = error;
    this.wake();
  }

  async next(): Promise<Buffer> {
    if (this.waiting.length === 0 && !this.failure)
      await new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error('nothing comes')), ANSWER_MS);
        this.wake = () => {
          clearTimeout(late);
          resolve();
        };
      });
    const packet = this.waiting.shift();
    if (packet) return packet;
    throw this.failure ?? new Error('nothing has come');
  }
}

function told(message: StunMessage, well: string): string {
  const code = codeOf(message);
  if (code === 'success') return well;
  const words = message.attributes.get(ATTRIBUTE.errorCode)?.subarray(4).toString() ?? '';
  return `${code} ${words}`.replaceAll('\0', '');
}
