import { createConnection } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { createWebSocketStream, WebSocket } from 'ws';
import { LONGEST_PACKET } from './packet-gauge.ts';

export interface BrokerPlace {
  /** mqtt:, mqtts:, ws: or wss:; user and password may stand in it. */
  readonly url: string;
  /** PEM certificates to believe instead of the system's. */
  readonly ca?: string;
}

/** IANA's ports of MQTT; those of the web are URL's own. */
const PORT = 1883;
const TLS_PORT = 8883;
/**
 * A longer WebSocket message ends the connection before it is read (RFC 6455, 1009). Brokers send a
 * packet as a message, so some that are refused further up still fit.
 */
const LONGEST_MESSAGE = 8 * LONGEST_PACKET;

/**
 * Opens the way to a broker. What goes wrong is an error of the stream. Nothing is held back to be
 * sent with more (RFC 896): an acknowledgement that goes out just before an answer would delay the
 * answer by the 40 ms for which Linux puts off acknowledging on TCP (RFC 1122, 4.2.3.2).
 */
export function openBrokerStream({ url, ca }: BrokerPlace): Duplex {
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const trust = ca === undefined ? {} : { ca };
  switch (protocol) {
    case 'ws:':
    case 'wss:':
      return openWebSocket(url, trust);
    case 'mqtts:':
      return connectTls({
        ...{ host, port: Number(port || TLS_PORT), ...trust },
        // A name is checked against the certificate; an address is no name (RFC 6066, 3).
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

/** An address may carry a user and password; what people and logs see must not. */
export function withoutSecrets(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

function openWebSocket(url: string, trust: { ca?: string }): Duplex {
  const bare = new URL(url);
  // They go into the CONNECT packet; as HTTP authentication a proxy might take them for its own.
  bare.username = '';
  bare.password = '';
  const options = { maxPayload: LONGEST_MESSAGE, perMessageDeflate: false, ...trust };
  const socket = new WebSocket(bare, ['mqtt'], options);
  return createWebSocketStream(socket);
}
