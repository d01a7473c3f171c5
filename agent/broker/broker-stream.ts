import { createConnection } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { createWebSocketStream, WebSocket } from 'ws';
import { LONGEST_PACKET } from './packet-gauge.ts';

export interface BrokerPlace {
  /** mqtt:, mqtts:, ws: or wss:; may contain user and password. */
  readonly url: string;
  /** PEM certificates to trust instead of the system's. */
  readonly ca?: string;
  /** What this robot shows to a broker that asks for it (mutual TLS). */
  readonly identity?: ClientIdentity;
}

/** PEM: certificate with its issuers behind it, and its key. */
export interface ClientIdentity {
  readonly cert: string;
  readonly key: string;
}

/** IANA's ports for MQTT; URL knows those of the web. */
const PORT = 1883;
const TLS_PORT = 8883;
/**
 * A longer WebSocket message ends the connection before it is read (RFC 6455, 1009). Brokers send
 * one packet per message, so some packets that are refused later still fit.
 */
const LONGEST_MESSAGE = 8 * LONGEST_PACKET;

/**
 * Opens a stream to a broker. Failures are errors of the stream. Nagle's algorithm (RFC 896) is
 * off: after an acknowledgement it would delay the answer that follows by Linux's 40 ms of delayed
 * ACK (RFC 1122, 4.2.3.2).
 */
export function openBrokerStream({ url, ca, identity }: BrokerPlace): Duplex {
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const trust = { ...(ca !== undefined && { ca }), ...identity };
  switch (protocol) {
    case 'ws:':
    case 'wss:':
      return openWebSocket(url, trust);
    case 'mqtts:':
      return connectTls({
        ...{ host, port: Number(port || TLS_PORT), ...trust },
        // SNI takes a host name, never an address (RFC 6066, 3).
        ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
      }).setNoDelay();
    default:
      return createConnection({ host, port: Number(port || PORT) }).setNoDelay();
  }
}

export function credentialsOf(url: string): { username?: string; password?: string } {
  const { username, password } = new URL(url);
  return {
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
  };
}

/** The address without user and password, for logs and display. */
export function withoutSecrets(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

function openWebSocket(url: string, trust: Partial<ClientIdentity> & { ca?: string }): Duplex {
  const bare = new URL(url);
  // Sent in the CONNECT packet; as HTTP authentication they might be taken by a proxy.
  bare.username = '';
  bare.password = '';
  const options = { maxPayload: LONGEST_MESSAGE, perMessageDeflate: false, ...trust };
  const socket = new WebSocket(bare, ['mqtt'], options);
  return createWebSocketStream(socket);
}
