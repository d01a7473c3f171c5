import mqtt from 'mqtt';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { MAX_SIGNAL_BYTES } from '../wire/limits.ts';
import { retryAfterMs } from './backoff.ts';
import type { Broker, LastWill, OpenBroker } from './broker.ts';

const KEEPALIVE_S = 30;
const CONNECT_MS = 10_000;
/** A publication that the broker has not acknowledged by then is given back to its sender. */
export const PUBLISH_MS = 10_000;
/** At most this many publications wait at the same time; more are refused at once. */
export const MAX_WAITING = 64;
/** An orderly goodbye is not worth more than this. */
const CLOSE_MS = 500;

export interface MqttParts {
  readonly url: string;
  readonly clientId: string;
  readonly clock: Clock;
  readonly log: Log;
  /** 0 <= x < 1, for the jitter of reconnection. */
  readonly random: () => number;
}

/** The broker could not be reached in time, or too much waits for it already. */
export class BrokerOutOfReach extends Error {
  override readonly name = 'BrokerOutOfReach';
}

export function mqttBroker(parts: MqttParts): OpenBroker {
  return (will) => new MqttBroker(parts, will);
}

type Listener = (topic: string, payload: Uint8Array) => void;

/** MQTT 3.1.1 over TCP, TLS or WebSocket. Reconnects for ever, with growing and jittered pauses. */
class MqttBroker implements Broker {
  private readonly client: mqtt.MqttClient;
  private readonly subscriptions = new Map<string, Listener>();
  private readonly listeners = new Set<(connected: boolean) => void>();
  private waiting = 0;
  private attempt = 0;
  private retry: Timer | undefined;
  private closed = false;
  private up = false;

  constructor(
    private readonly parts: MqttParts,
    will: LastWill,
  ) {
    this.client = mqtt.connect(parts.url, {
      clientId: parts.clientId,
      keepalive: KEEPALIVE_S,
      connectTimeout: CONNECT_MS,
      clean: true,
      // Both are done here: with jitter, and knowing which listener belongs to which topic.
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true },
    });
    this.client.on('connect', () => void this.onUp());
    this.client.on('close', () => this.onDown());
    this.client.on('error', (error) => parts.log.debug({ error: error.message }, 'broker'));
    this.client.on('message', (topic, payload) => this.deliver(topic, payload));
  }

  get connected(): boolean {
    return this.up;
  }

  onConnected(listener: (connected: boolean) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async publish(
    topic: string,
    payload: string,
    { retain = false }: { retain?: boolean } = {},
  ): Promise<void> {
    if (this.closed) throw new BrokerOutOfReach(`${topic}: the connection was closed`);
    if (this.waiting >= MAX_WAITING)
      throw new BrokerOutOfReach(`${topic}: ${MAX_WAITING} publications wait already`);
    this.waiting += 1;
    try {
      await this.inTime(
        topic,
        this.whenUp(() => this.client.publishAsync(topic, payload, { qos: 1, retain })),
      );
    } finally {
      this.waiting -= 1;
    }
  }

  async subscribe(topic: string, listener: Listener): Promise<void> {
    this.subscriptions.set(topic, listener);
    if (this.client.connected) await this.client.subscribeAsync(topic, { qos: 1 });
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.retry?.cancel();
    const gone = this.client.endAsync(!this.up).catch(() => {});
    const late = new Promise<void>((resolve) => {
      this.parts.clock.after(CLOSE_MS, resolve);
    });
    await Promise.race([gone, late]);
  }

  /** `connected` is said when the subscriptions stand: who then speaks can also hear the answer. */
  private async onUp(): Promise<void> {
    this.attempt = 0;
    try {
      const topics = [...this.subscriptions.keys()];
      if (topics.length > 0) await this.client.subscribeAsync(topics, { qos: 1 });
    } catch (error) {
      this.parts.log.warn({ error: String(error) }, 'subscription refused');
    }
    if (!this.client.connected || this.up) return;
    this.up = true;
    this.parts.log.info({ broker: withoutSecrets(this.parts.url) }, 'connected to the broker');
    this.tell();
  }

  private onDown(): void {
    if (this.up) {
      this.up = false;
      this.parts.log.warn({ broker: withoutSecrets(this.parts.url) }, 'broker lost');
      this.tell();
    }
    if (this.closed) return;
    this.retry?.cancel();
    const pause = retryAfterMs(this.attempt++, this.parts.random());
    this.retry = this.parts.clock.after(pause, () => this.client.reconnect());
  }

  private tell(): void {
    for (const listener of this.listeners) listener(this.up);
  }

  private deliver(topic: string, payload: Uint8Array): void {
    // Refused unread further up; this only keeps the hostile megabyte out of the pattern match.
    if (payload.length > 4 * MAX_SIGNAL_BYTES) return;
    for (const [pattern, listener] of this.subscriptions)
      if (matches(pattern, topic)) listener(topic, payload);
  }

  private whenUp<T>(act: () => Promise<T>): Promise<T> {
    if (this.up) return act();
    return new Promise<T>((resolve, reject) => {
      const off = this.onConnected((connected) => {
        if (!connected) return;
        off();
        act().then(resolve, reject);
      });
      this.parts.clock.after(PUBLISH_MS, off);
    });
  }

  private async inTime<T>(topic: string, work: Promise<T>): Promise<T> {
    let timer: Timer | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = this.parts.clock.after(PUBLISH_MS, () =>
        reject(new BrokerOutOfReach(`${topic}: not acknowledged within ${PUBLISH_MS} ms`)),
      );
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      timer?.cancel();
    }
  }
}

/** `+` stands for one level; that is all the wildcards we use. */
function matches(pattern: string, topic: string): boolean {
  const wanted = pattern.split('/');
  const levels = topic.split('/');
  return (
    wanted.length === levels.length &&
    wanted.every((level, i) => level === '+' || level === levels[i])
  );
}

/** An address may carry a user and password; the log must not. */
function withoutSecrets(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
