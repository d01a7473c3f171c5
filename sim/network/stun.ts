/**
 * STUN messages as TURN uses them: RFC 8489 (header, attributes, MESSAGE-INTEGRITY) and RFC 8656
 * (methods and attributes of relays). IPv4 only: the relay lives on one machine.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export const METHOD = {
  binding: 0x001,
  allocate: 0x003,
  refresh: 0x004,
  send: 0x006,
  data: 0x007,
  createPermission: 0x008,
  channelBind: 0x009,
} as const;

export const CLASS = { request: 0x000, indication: 0x010, success: 0x100, error: 0x110 } as const;

export const ATTRIBUTE = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  unknownAttributes: 0x000a,
  channelNumber: 0x000c,
  lifetime: 0x000d,
  xorPeerAddress: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  xorRelayedAddress: 0x0016,
  requestedFamily: 0x0017,
  requestedTransport: 0x0019,
  xorMappedAddress: 0x0020,
} as const;

export interface StunMessage {
  readonly method: number;
  /** One of CLASS. */
  readonly kind: number;
  /** 12 bytes that tie an answer to its request. */
  readonly transaction: Buffer;
  /** The first of each kind. */
  readonly attributes: ReadonlyMap<number, Buffer>;
  /** Of XOR-PEER-ADDRESS alone a message may hold several: all of them. */
  readonly peers: readonly Buffer[];
  /** Bytes before MESSAGE-INTEGRITY, when there is one. */
  readonly signed: Buffer | undefined;
}

export interface Address {
  readonly address: string;
  readonly port: number;
}

/** As they are written: text as UTF-8, a number as 32 bits, an address XORed with the cookie. */
export type Attributes = readonly (readonly [number, Buffer | string | number | Address])[];

const COOKIE = 0x2112a442;
const HEADER = 20;
const INTEGRITY = 24;

/** Undefined for anything that is not a whole, well-formed STUN message. */
export function readStun(packet: Buffer): StunMessage | undefined {
  if (packet.length < HEADER || packet.length % 4 !== 0) return undefined;
  const type = packet.readUInt16BE(0);
  if (type > 0x3fff || packet.readUInt32BE(4) !== COOKIE) return undefined;
  if (packet.readUInt16BE(2) !== packet.length - HEADER) return undefined;
  const attributes = new Map<number, Buffer>();
  const peers: Buffer[] = [];
  let signed: Buffer | undefined;
  for (let at = HEADER; at < packet.length; ) {
    const name = packet.readUInt16BE(at);
    const length = packet.readUInt16BE(at + 2);
    if (at + 4 + length > packet.length) return undefined;
    if (name === ATTRIBUTE.messageIntegrity) signed = packet.subarray(0, at);
    const value = packet.subarray(at + 4, at + 4 + length);
    if (!attributes.has(name)) attributes.set(name, value);
    if (name === ATTRIBUTE.xorPeerAddress) peers.push(value);
    at += 4 + length + pad(length);
  }
  // The two class bits lie among those of the method (RFC 8489, figure 3).
  const method = (type & 0x000f) | ((type & 0x00e0) >> 1) | ((type & 0x3e00) >> 2);
  return {
    method,
    kind: type & 0x0110,
    transaction: packet.subarray(8, HEADER),
    attributes,
    peers,
    signed,
  };
}

/** `key` adds MESSAGE-INTEGRITY. Methods here are below 16: their bits need no spreading. */
export function writeStun(
  method: number,
  kind: number,
  transaction: Buffer,
  attributes: Attributes,
  key?: Buffer,
): Buffer {
  const body = attributes.map(([name, value]) => attribute(name, bytesOf(value)));
  const header = Buffer.alloc(HEADER);
  const bytes = body.reduce((sum, part) => sum + part.length, 0);
  header.writeUInt16BE(method | kind, 0);
  header.writeUInt16BE(bytes + (key ? INTEGRITY : 0), 2);
  header.writeUInt32BE(COOKIE, 4);
  transaction.copy(header, 8);
  const message = Buffer.concat([header, ...body]);
  if (!key) return message;
  return Buffer.concat([message, attribute(ATTRIBUTE.messageIntegrity, hmac(message, key))]);
}

/** Whether the message was made by somebody who has the key. */
export function isAuthentic(message: StunMessage, key: Buffer): boolean {
  const given = message.attributes.get(ATTRIBUTE.messageIntegrity);
  if (!message.signed || given?.length !== 20) return false;
  // The length counted up to and with MESSAGE-INTEGRITY when it was made.
  const signed = Buffer.from(message.signed);
  signed.writeUInt16BE(signed.length - HEADER + INTEGRITY, 2);
  return timingSafeEqual(hmac(signed, key), given);
}

/** An IPv4 address and port, XORed with the magic cookie against meddling middle boxes. */
function xorAddress({ address, port }: Address): Buffer {
  const value = Buffer.alloc(8);
  value.writeUInt8(1, 1);
  value.writeUInt16BE(port ^ (COOKIE >>> 16), 2);
  value.writeUInt32BE((ipv4(address) ^ COOKIE) >>> 0, 4);
  return value;
}

export function readXorAddress(value: Buffer | undefined): Address | undefined {
  if (value?.length !== 8 || value.readUInt8(1) !== 1) return undefined;
  const number = (value.readUInt32BE(4) ^ COOKIE) >>> 0;
  const bytes = [24, 16, 8, 0].map((shift) => (number >>> shift) & 0xff);
  return { address: bytes.join('.'), port: value.readUInt16BE(2) ^ (COOKIE >>> 16) };
}

export function errorCode(code: number, reason: string): Buffer {
  return Buffer.concat([
    Buffer.from([0, 0, Math.floor(code / 100), code % 100]),
    Buffer.from(reason),
  ]);
}

function bytesOf(value: Attributes[number][1]): Buffer {
  if (Buffer.isBuffer(value)) return value;
  if (typeof value === 'string') return Buffer.from(value);
  return typeof value === 'number' ? uint32(value) : xorAddress(value);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function attribute(name: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(name, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc(pad(value.length))]);
}

const pad = (length: number): number => (4 - (length % 4)) % 4;
const hmac = (bytes: Buffer, key: Buffer): Buffer => createHmac('sha1', key).update(bytes).digest();
const ipv4 = (address: string): number =>
  address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
