import type { LinkTrouble } from './trouble.ts';

/** The broker as the agent uses it. Drivers: MQTT over TCP or TLS (mqtt-broker.ts), in memory (sim/network). */
export interface Broker {
  /** Resolves when the broker has acknowledged (QoS 1). Rejects when it is out of reach for 10 s. */
  publish(topic: string, payload: string, options?: { retain?: boolean }): Promise<void>;
  /** Keeps the subscription over reconnects. Payload bytes as they came, unparsed. */
  subscribe(topic: string, listener: (topic: string, payload: Uint8Array) => void): Promise<void>;
  readonly connected: boolean;
  onConnected(listener: (connected: boolean) => void): () => void;
  /** What is wrong with the connection, also while there is one; undefined: nothing. */
  readonly trouble?: LinkTrouble | undefined;
  /** Told at each change of it. */
  onTrouble?(listener: (trouble: LinkTrouble | undefined) => void): () => void;
  /** Says goodbye in order: the last will is not sent. */
  close(): Promise<void>;
}

export interface LastWill {
  readonly topic: string;
  readonly payload: string;
}

/** Makes the connection with its last will; it reconnects by itself until closed. */
export type OpenBroker = (will: LastWill) => Broker;
