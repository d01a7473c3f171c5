import type { Broker, LastWill } from '../../agent/broker/broker.ts';
import { BrokerOutOfReach, PUBLISH_MS } from '../../agent/broker/mqtt-broker.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import { type Message, topicMatches } from './message.ts';

type Listener = (topic: string, payload: Uint8Array) => void;

/** What a client needs of its broker. */
export interface BrokerSide {
  readonly clock: Clock;
  readonly delayMs: number;
  readonly missedAfterMs: number;
  readonly up: boolean;
  take(topic: string, payload: string, retain: boolean): void;
  retainedFor(filter: string): readonly Message[];
}

interface Pending {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
  readonly resolve: () => void;
}

/** How soon a client that has a network again is connected again. */
const RECONNECT_MS = 1_000;

/** One client of the broker in memory. What it has not seen acknowledged it sends again. */
export class MemoryBrokerClient implements Broker {
  private readonly subscriptions = new Map<string, Listener>();
  private readonly listeners = new Set<(connected: boolean) => void>();
  private readonly pending = new Set<Pending>();
  private network = true;
  private open = false;
  private over = false;
  /** Counts connections: what was under way on an older one is lost. */
  private link = 0;
  private missed: Timer | undefined;
  private opening: Timer | undefined;

  constructor(
    private readonly broker: BrokerSide,
    private readonly will: LastWill | undefined,
  ) {}

  get connected(): boolean {
    return this.open;
  }

  onConnected(listener: (connected: boolean) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  publish(topic: string, payload: string, options: { retain?: boolean } = {}): Promise<void> {
    if (this.over)
      return Promise.reject(new BrokerOutOfReach(`${topic}: the connection was closed`));
    return new Promise((resolve, reject) => {
      const late = this.broker.clock.after(PUBLISH_MS, () => {
        this.pending.delete(pending);
        reject(new BrokerOutOfReach(`${topic}: not acknowledged within ${PUBLISH_MS} ms`));
      });
      const acknowledged = (): void => {
        late.cancel();
        this.pending.delete(pending);
        resolve();
      };
      const pending: Pending = {
        topic,
        payload,
        retain: options.retain ?? false,
        resolve: acknowledged,
      };
      this.pending.add(pending);
      if (this.open) this.transmit(pending);
    });
  }

  async subscribe(topic: string, listener: Listener): Promise<void> {
    this.subscriptions.set(topic, listener);
    if (!this.open) return;
    await new Promise<void>((resolve) => {
      this.travel(() => {
        this.giveRetained(topic);
        this.travel(resolve);
      });
    });
  }

  async close(): Promise<void> {
    if (this.over) return;
    this.over = true;
    // A goodbye that does not arrive is none: the broker will miss this client.
    if (this.open) this.missed?.cancel();
    this.disconnect();
  }

  start(): void {
    this.opening = this.broker.clock.after(this.broker.delayMs, () => this.connect());
  }

  cut(): void {
    if (!this.network) return;
    this.network = false;
    if (this.open)
      this.missed = this.broker.clock.after(this.broker.missedAfterMs, () => this.speakWill());
    this.disconnect();
  }

  restore(): void {
    if (this.network) return;
    this.network = true;
    this.reconnect();
  }

  kill(): void {
    const spoken = this.open;
    this.over = true;
    this.disconnect();
    if (spoken || this.missed) this.speakWill();
  }

  brokerGone(): void {
    this.missed?.cancel();
    this.missed = undefined;
    this.disconnect();
  }

  brokerBack(): void {
    this.reconnect();
  }

  /** The broker offers each message to each client. */
  offer(message: Message): void {
    if (!this.open) return;
    for (const filter of this.subscriptions.keys())
      if (topicMatches(filter, message.topic)) this.deliver(filter, message);
  }

  private connect(): void {
    if (this.over || this.open || !this.network || !this.broker.up) return;
    // The broker still held the connection that was cut: taking it over ends that one, will and all.
    if (this.missed) this.speakWill();
    this.open = true;
    for (const filter of this.subscriptions.keys()) this.giveRetained(filter);
    for (const pending of this.pending) this.transmit(pending);
    this.tell(true);
  }

  private reconnect(): void {
    this.opening?.cancel();
    this.opening = this.broker.clock.after(RECONNECT_MS, () => this.connect());
  }

  private disconnect(): void {
    this.opening?.cancel();
    this.link += 1;
    if (!this.open) return;
    this.open = false;
    this.tell(false);
  }

  private speakWill(): void {
    this.missed?.cancel();
    this.missed = undefined;
    if (this.will && this.broker.up) this.broker.take(this.will.topic, this.will.payload, true);
  }

  private transmit(pending: Pending): void {
    this.travel(() => {
      this.broker.take(pending.topic, pending.payload, pending.retain);
      this.travel(pending.resolve);
    });
  }

  private giveRetained(filter: string): void {
    for (const message of this.broker.retainedFor(filter)) this.deliver(filter, message);
  }

  private deliver(filter: string, message: Message): void {
    this.travel(() => this.subscriptions.get(filter)?.(message.topic, message.payload.slice()));
  }

  /** One way over the network; lost when the connection ends on the way. */
  private travel(arrive: () => void): void {
    const link = this.link;
    this.broker.clock.after(this.broker.delayMs, () => {
      if (link === this.link) arrive();
    });
  }

  private tell(connected: boolean): void {
    for (const listener of this.listeners) listener(connected);
  }
}
