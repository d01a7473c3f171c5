import type { Broker, LastWill, OpenBroker } from '../broker/broker.ts';

interface Published {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

/** A broker controlled by a test. */
export class FakeBroker implements Broker {
  readonly published: Published[] = [];
  will: LastWill | undefined;
  connected = true;
  closed = false;
  /** While true, publications are rejected. */
  refusing = false;
  /** While true, publications arrive but are never acknowledged, and `close` never resolves. */
  mute = false;
  private readonly listeners = new Set<(connected: boolean) => void>();
  private readonly subscriptions = new Map<string, (topic: string, payload: Uint8Array) => void>();

  readonly open: OpenBroker = (will) => {
    this.will = will;
    return this;
  };

  async publish(topic: string, payload: string, options?: { retain?: boolean }): Promise<void> {
    if (!this.connected || this.refusing) throw new Error('broker out of reach');
    this.published.push({ topic, payload, retain: options?.retain ?? false });
    if (this.mute) await new Promise(() => {});
  }

  async subscribe(
    topic: string,
    listener: (topic: string, payload: Uint8Array) => void,
  ): Promise<void> {
    this.subscriptions.set(topic, listener);
  }

  onConnected(listener: (connected: boolean) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  connect(connected: boolean): void {
    this.connected = connected;
    for (const listener of this.listeners) listener(connected);
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.mute) await new Promise(() => {});
  }

  /** Somebody publishes on a topic that the agent has subscribed to. */
  deliver(topic: string, payload: string | object): void {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    this.subscriptions.get(topic)?.(topic, new TextEncoder().encode(text));
  }

  /** Payloads on a topic, oldest first, parsed. */
  on(topic: string): unknown[] {
    return this.published
      .filter((message) => message.topic === topic)
      .map(({ payload }) => JSON.parse(payload));
  }
}
