import type { MqttClient } from 'mqtt';
import { AccessError } from './api.ts';
import { type ClientClock, type ClientTimer, platformClock } from './client-clock.ts';
import type { OpenTransport, SignalTransport, TransportRequest } from './signalling-connection.ts';

const CONNECT_TIMEOUT_MS = 6_000;
/** The pause before the connection is tried again doubles from the first to the longest... */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
/** ...of which this share is fixed and the rest random, so a class reconnects spread out. */
const CERTAIN = 1 / 4;
/** A connection that lasted this long resets the back-off. */
const STABLE_MS = 30_000;
/** What every MQTT 3.1.1 server must take ([MQTT-3.1.3-5]); some refuse more. Bytes. */
const MAX_CLIENT_ID = 23;
/** CONNACK, "identifier rejected" (MQTT 3.1.1, table 3.1). */
const REFUSED_ID = 2;

/**
 * MQTT 3.1.1 over WebSocket. The library comes in at first use, so that a page can show itself
 * before it is loaded; `prewarm` of the client loads it ahead of need.
 *
 * The client id is the peer's, which names its topics too: so a broker's rules can give each device
 * its own topics alone (docs/servers.md). A broker that refuses so long an id is given the first 23
 * characters.
 */
export const openMqttTransport: OpenTransport = (request) =>
  open(request, platformClock, Math.random);

/** With another clock, and chance (0 <= x < 1) that a test knows. */
export const mqttTransport =
  (clock: ClientClock, random: () => number): OpenTransport =>
  (request) =>
    open(request, clock, random);

async function open(
  request: TransportRequest,
  clock: ClientClock,
  random: () => number,
): Promise<SignalTransport> {
  try {
    return await openAs(request.peer, request, clock, random);
  } catch (error) {
    if (!(error instanceof IdRefused)) throw error;
    return openAs(request.peer.slice(0, MAX_CLIENT_ID), request, clock, random);
  }
}

/** The broker is there and does not take the client id. */
class IdRefused extends AccessError {}

export function pauseMs(attempt: number, chance: number): number {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempt, 10));
  return longest * (CERTAIN + (1 - CERTAIN) * chance);
}

async function openAs(
  clientId: string,
  request: TransportRequest,
  clock: ClientClock,
  random: () => number,
): Promise<SignalTransport> {
  // The default export is the one that the library's builds for browsers and for Node share.
  const { default: mqtt } = await import('mqtt');
  const client = mqtt.connect(request.broker, {
    clientId,
    protocolVersion: 4,
    clean: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: pauseMs(0, random()),
    // We resubscribe ourselves: nothing may be published before the answer can be received.
    resubscribe: false,
  });
  lengthenPauses(client, clock, random);
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

/** The library reads the pause anew at each loss. That a connection was accepted proves nothing. */
function lengthenPauses(client: MqttClient, clock: ClientClock, random: () => number): void {
  let attempt = 0;
  let stable: ClientTimer | undefined;
  const next = (tried: number): void => {
    attempt = tried;
    client.options.reconnectPeriod = pauseMs(attempt, random());
  };
  client.on('reconnect', () => next(attempt + 1));
  client.on('connect', () => {
    stable?.cancel();
    stable = clock.after(STABLE_MS, () => next(0));
  });
  client.on('close', () => stable?.cancel());
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
      // Callers that already wait keep the same promise.
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
