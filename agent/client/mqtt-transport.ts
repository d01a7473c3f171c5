import type { MqttClient } from 'mqtt';
import { AccessError } from './access-error.ts';
import type { OpenTransport, TransportRequest } from './transport.ts';

const CONNECT_TIMEOUT_MS = 6_000;
const RECONNECT_MS = 1_000;

/**
 * MQTT 3.1.1 over WebSocket. The library comes in at first use, so that a page can show itself
 * before it is loaded; `prewarm` of the client loads it ahead of need.
 */
export const openMqttTransport: OpenTransport = async (request) => {
  // The default export is the one that the library's builds for browsers and for Node share.
  const { default: mqtt } = await import('mqtt');
  const client = mqtt.connect(request.broker, {
    clientId: `pupil-${request.peer}`,
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
};

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
      const fail = (why: string): void =>
        reject(new AccessError('brokerUnreachable', `${broker}: ${why}`));
      this.client.on('error', (error) => fail(error.message));
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
