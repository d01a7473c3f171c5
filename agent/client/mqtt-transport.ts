import type { MqttClient } from 'mqtt';
import { AccessError } from './access-error.ts';
import type { OpenTransport, SignalTransport, TransportRequest } from './transport.ts';

const CONNECT_TIMEOUT_MS = 6_000;
const RECONNECT_MS = 1_000;

/** What every MQTT 3.1.1 server must take ([MQTT-3.1.3-5]); some refuse more. Bytes. */
const MAX_CLIENT_ID = 23;
/** CONNACK, "identifier rejected" (MQTT 3.1.1, table 3.1). */
const REFUSED_ID = 2;

/**
 * MQTT 3.1.1 over WebSocket. The library comes in at first use, so that a page can show itself
 * before it is loaded; `prewarm` of the client loads it ahead of need.
 *
 * The client id is the peer's, which names its topics too: so a broker's rules can give each device
 * its own topics alone (docs/broker.md). A broker that refuses so long an id is given the first 23
 * characters.
 */
export const openMqttTransport: OpenTransport = async (request) => {
  try {
    return await openAs(request.peer, request);
  } catch (error) {
    if (!(error instanceof IdRefused)) throw error;
    return openAs(request.peer.slice(0, MAX_CLIENT_ID), request);
  }
};

/** The broker is there and does not take the client id. */
class IdRefused extends AccessError {}

async function openAs(clientId: string, request: TransportRequest): Promise<SignalTransport> {
  // The default export is the one that the library's builds for browsers and for Node share.
  const { default: mqtt } = await import('mqtt');
  const client = mqtt.connect(request.broker, {
    clientId,
    protocolVersion: 4,
    clean: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: RECONNECT_MS,
    // Done here, because nothing may be said before the answer can be heard.
    resubscribe: false,
  });
  client.on('message', (topic, payload) => {
    if (topic === request.topic) request.receive(payload);
  });
  const listening = new Listening(client, request);
  try {
    await listening.first();
  } catch (error) {
    client.end(true);
    throw error;
  }
  return {
    publish: async (topic, payload) => {
      await listening.now;
      await client.publishAsync(topic, payload, { qos: 1 });
    },
    close: () => void client.end(),
  };
}

/** Subscribes anew at each connection; `now` resolves when the topic is being heard. */
class Listening {
  now: Promise<void>;
  private heard: (() => void) | undefined;

  constructor(
    private readonly client: MqttClient,
    private readonly request: TransportRequest,
  ) {
    this.now = this.next();
    client.on('connect', () => {
      client.subscribeAsync(request.topic, { qos: 1 }).then(
        () => {
          this.heard?.();
          this.heard = undefined;
        },
        // Lost in the middle of it: the next connection tries again.
        () => {},
      );
    });
    client.on('close', () => {
      // Whoever waits already goes on waiting for the same promise.
      if (!this.heard) this.now = this.next();
    });
  }

  /** The library goes on trying by itself; the first connection is given one try only. */
  first(): Promise<void> {
    const { broker } = this.request;
    return new Promise((resolve, reject) => {
      const where = withoutSecrets(broker);
      const fail = (why: string): void =>
        reject(new AccessError('brokerUnreachable', `${where}: ${why}`));
      this.client.on('error', (error) => {
        if ('code' in error && error.code === REFUSED_ID)
          reject(new IdRefused('brokerUnreachable', `${where}: ${error.message}`));
        else fail(error.message);
      });
      this.client.once('close', () => fail('connection refused or timed out'));
      this.now.then(resolve, reject);
    });
  }

  private next(): Promise<void> {
    return new Promise((resolve) => {
      this.heard = resolve;
    });
  }
}

/** The address may carry the user and password that a broker wants of pupils' devices. */
function withoutSecrets(broker: string): string {
  return broker.replace(/\/\/[^/@]*@/, '//');
}
