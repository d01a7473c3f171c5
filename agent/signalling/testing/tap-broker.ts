import type { Broker } from '../../broker/broker.ts';
import type { OpenTransport } from '../../client/signalling-connection.ts';

export interface Carried {
  readonly topic: string;
  readonly text: string;
}

interface Subscriber {
  readonly pattern: RegExp;
  readonly deliver: (topic: string, bytes: Uint8Array) => void;
}

/** What a hostile operator turns a message into: other messages, or none. */
type Tamper = (message: Carried) => Carried[];

/**
 * An in-memory broker for tests, whose operator reads and keeps all messages, and may delay, change
 * or forge any.
 */
export class TapBroker {
  readonly carried: Carried[] = [];
  /** Honest by default. */
  tamper: Tamper = (message) => [message];
  reachable = true;
  private readonly subscribers = new Set<Subscriber>();

  /** Publishes on a topic as the broker's operator could. */
  inject(topic: string, payload: string | object | Uint8Array): void {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const bytes = payload instanceof Uint8Array ? payload : new TextEncoder().encode(text);
    this.deliver(topic, bytes);
  }

  /** Publishes as a client: recorded and tampered with like all others. */
  publishAs(topic: string, message: object | string): void {
    this.carry(topic, typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The robot's side. */
  forRobot(): Broker {
    return {
      publish: async (topic, payload) => this.carry(topic, payload),
      subscribe: async (pattern, listener) =>
        void this.subscribe(pattern, (topic, bytes) => listener(topic, bytes)),
      connected: true,
      onConnected: () => () => {},
      close: async () => {},
    };
  }

  /** The pupil's side. */
  readonly forPupil: OpenTransport = async ({ topic, receive }) => {
    if (!this.reachable) throw new Error('broker out of reach');
    const end = this.subscribe(topic, (_topic, bytes) => receive(bytes));
    return {
      publish: async (to, payload) => {
        if (!this.reachable) throw new Error('broker out of reach');
        this.carry(to, payload);
      },
      close: end,
    };
  };

  /** All messages of a kind (hello, bind, challenge ...), oldest first. */
  seen(kind: string): Carried[] {
    return this.carried.filter(({ text }) => text.includes(`"kind":"${kind}"`));
  }

  private carry(topic: string, text: string): void {
    this.carried.push({ topic, text });
    for (const message of this.tamper({ topic, text }))
      this.deliver(message.topic, new TextEncoder().encode(message.text));
  }

  private deliver(topic: string, bytes: Uint8Array): void {
    for (const { pattern, deliver } of [...this.subscribers])
      if (pattern.test(topic)) queueMicrotask(() => deliver(topic, bytes));
  }

  private subscribe(filter: string, act: (topic: string, bytes: Uint8Array) => void): () => void {
    const pattern = new RegExp(`^${filter.replace(/[$.]/g, '\\$&').replace(/\+/g, '[^/]+')}$`);
    const entry = { pattern, deliver: act };
    this.subscribers.add(entry);
    return () => void this.subscribers.delete(entry);
  }
}
