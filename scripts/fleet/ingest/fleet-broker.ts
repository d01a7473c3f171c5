/**
 * The service's connection to the broker: a persistent session, so that what robots send while the
 * service restarts waits there. It subscribes at each connection all the same: then the broker tells
 * again all that is retained, and nothing is missed that was lost with a queue.
 */
import mqtt from 'mqtt';
import { withoutSecrets } from '../../../agent/broker/broker-stream.ts';
import { messageOf } from '../../../hal/common/errors.ts';
import type { Log } from '../../../hal/ports/log.ts';
import { FILTERS } from './messages.ts';

const KEEPALIVE_S = 30;
const RECONNECT_MS = 2_000;
/** Publications that wait for the broker at most; orders and acknowledgements are sent again. */
const MOST_PENDING = 4_096;

export interface BrokerOptions {
  /** mqtt://, mqtts://, ws:// or wss://, with credentials if the broker wants any. */
  readonly url: string;
  /** Distinguishes services side by side: each has its own session. */
  readonly instance: string;
  /** PEM: the broker's authority, and the service's certificate with its key. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

export interface FleetBroker {
  readonly connected: boolean;
  /** Resolves when the broker has it (QoS 1). Rejects while it is not reached. */
  publish(topic: string, payload: string): Promise<void>;
  close(): Promise<void>;
}

interface BrokerParts {
  readonly options: BrokerOptions;
  readonly log: Log;
  /** The next message is read when it resolves. */
  readonly onMessage: (topic: string, payload: Uint8Array) => Promise<void>;
  readonly onConnected: (connected: boolean) => void;
}

export function openFleetBroker(parts: BrokerParts): FleetBroker {
  return new MqttFleetBroker(parts);
}

class MqttFleetBroker implements FleetBroker {
  private readonly client: mqtt.MqttClient;
  private pending = 0;

  constructor({ options, log, onMessage, onConnected }: BrokerParts) {
    const { url, instance, tls } = options;
    const broker = withoutSecrets(url);
    this.client = mqtt.connect(url, {
      ...{ clientId: `deskmate-fleet-${instance}`, clean: false, protocolVersion: 4 },
      ...{ keepalive: KEEPALIVE_S, reconnectPeriod: RECONNECT_MS, resubscribe: false },
      ...{ queueQoSZero: false, rejectUnauthorized: true },
      ...tls,
    });
    this.client.handleMessage = ({ topic, payload }, done) => {
      onMessage(topic, Buffer.from(payload)).then(
        () => done(),
        (error: unknown) => {
          log.error({ error: messageOf(error) }, 'a message was dropped');
          done();
        },
      );
    };
    this.client.on('connect', () => {
      log.info({ broker }, 'connected to the broker');
      this.client.subscribeAsync([...FILTERS], { qos: 1 }).then(
        () => onConnected(true),
        (error: unknown) =>
          log.error({ error: messageOf(error) }, 'the broker does not let the service hear robots'),
      );
    });
    this.client.on('close', () => onConnected(false));
    this.client.on('error', (error) =>
      log.warn({ broker, error: messageOf(error) }, 'the broker is out of reach'),
    );
  }

  get connected(): boolean {
    return this.client.connected;
  }

  async publish(topic: string, payload: string): Promise<void> {
    if (!this.client.connected) throw new Error('the broker is out of reach');
    if (this.pending >= MOST_PENDING) throw new Error('the broker is behind');
    this.pending += 1;
    try {
      await this.client.publishAsync(topic, payload, { qos: 1 });
    } finally {
      this.pending -= 1;
    }
  }

  async close(): Promise<void> {
    await this.client.endAsync(!this.client.connected);
  }
}
