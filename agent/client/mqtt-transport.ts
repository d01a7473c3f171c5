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
  const { connect } = await import('mqtt');
  const client = connect(request.broker, {
    clientId: `pupil-${request.peer}`,
    protocolVersion: 4,
    clean: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: RECONNECT_MS,
    // Signalling that waited out a disconnection is stale: the client asks anew.
    queueQoSZero: false,
  });
  try {
    await firstConnection(client, request);
  } catch (error) {
    client.end(true);
    throw error;
  }
  client.on('message', (topic, payload) => {
    if (topic === request.topic) request.receive(payload);
  });
  return {
    publish: async (topic, payload) => void (await client.publishAsync(topic, payload, { qos: 1 })),
    close: () => void client.end(),
  };
};

/** The library goes on trying by itself; the first connection is given one try only. */
function firstConnection(client: MqttClient, { broker, topic }: TransportRequest): Promise<void> {
  const unreachable = (why: string): AccessError =>
    new AccessError('brokerUnreachable', `${broker}: ${why}`);
  return new Promise((resolve, reject) => {
    client.on('error', (error) => reject(unreachable(error.message)));
    client.once('close', () => reject(unreachable('connection refused or timed out')));
    client.once('connect', () => {
      client.subscribeAsync(topic, { qos: 1 }).then(
        () => resolve(),
        (error: unknown) => reject(unreachable(String(error))),
      );
    });
  });
}
