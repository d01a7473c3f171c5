import type { Broker, LastWill, OpenBroker } from '../../agent/broker/broker.ts';
import { BrokerOutOfReach } from '../../agent/broker/mqtt-broker.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import { type BrokerSide, MemoryBrokerClient } from './memory-broker-client.ts';
import { type Message, topicMatches } from './message.ts';

interface MemoryBrokerOptions {
  readonly clock: Clock;
  /** One way between a client and the broker. */
  readonly delayMs?: number;
  /** How long the broker waits for a silent client before it speaks its last will. */
  readonly missedAfterMs?: number;
}

/**
 * An MQTT broker in memory on simulated time: QoS 1, retained messages, last wills, `+` and `#`.
 * Clients have names, by which a scenario cuts them off, brings them back, or kills them.
 */
export class MemoryBroker implements BrokerSide {
  readonly clock: Clock;
  readonly delayMs: number;
  readonly missedAfterMs: number;
  /** All that the broker has taken, oldest first. */
  readonly taken: Message[] = [];
  /**
   * A hostile broker: what it makes of each message before it takes it, undefined to swallow it.
   */
  tamper: (message: Message) => Message | undefined = (message) => message;
  private readonly kept = new Map<string, Message>();
  private readonly clients = new Map<string, MemoryBrokerClient>();
  private running = true;

  constructor(options: MemoryBrokerOptions) {
    this.clock = options.clock;
    this.delayMs = options.delayMs ?? 5;
    this.missedAfterMs = options.missedAfterMs ?? 45_000;
  }

  get up(): boolean {
    return this.running;
  }

  /** How a process under this name opens its connection. */
  openAs(name: string): OpenBroker {
    return (will) => this.connect(name, will);
  }

  /** A client of this name; one that had the name before is taken over, as MQTT has it. */
  connect(name: string, will?: LastWill): Broker {
    this.clients.get(name)?.kill();
    const client = new MemoryBrokerClient(this, will);
    this.clients.set(name, client);
    client.start();
    return client;
  }

  /** The client's network is gone; the broker speaks its will when it has missed it long enough. */
  cut(name: string): void {
    this.clientOf(name).cut();
  }

  restore(name: string): void {
    this.clientOf(name).restore();
  }

  /** The client's process died: its connection breaks and its will is spoken at once. */
  kill(name: string): void {
    this.clientOf(name).kill();
  }

  /** The broker is gone: every client is cut off, no will is spoken. */
  stop(): void {
    this.running = false;
    for (const client of this.clients.values()) client.brokerGone();
  }

  /** The broker is back, with what it kept unless it is to have forgotten that. */
  start({ forgetRetained = false } = {}): void {
    this.running = true;
    if (forgetRetained) this.kept.clear();
    for (const client of this.clients.values()) client.brokerBack();
  }

  /** What is retained on a topic, as text. */
  retained(topic: string): string | undefined {
    const message = this.kept.get(topic);
    return message && new TextDecoder().decode(message.payload);
  }

  /** Retained messages that a new subscription to `filter` is given. */
  retainedFor(filter: string): Message[] {
    return [...this.kept.values()].filter((message) => topicMatches(filter, message.topic));
  }

  /** Takes a message from anyone: clients, wills, or a hostile operator of the broker. */
  take(topic: string, payload: Uint8Array | string, retain = false): void {
    const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
    const message = this.tamper({ topic, payload: bytes, retain });
    if (!message) return;
    this.taken.push(message);
    // An empty retained message clears the topic.
    if (message.retain && message.payload.length === 0) this.kept.delete(message.topic);
    else if (message.retain) this.kept.set(message.topic, message);
    for (const client of this.clients.values()) client.offer(message);
  }

  private clientOf(name: string): MemoryBrokerClient {
    const client = this.clients.get(name);
    if (!client) throw new BrokerOutOfReach(`no client of the name ${name} was ever connected`);
    return client;
  }
}
