import type { LinkTrouble } from './trouble.ts';

/** The broker as the agent uses it. Drivers: MQTT (mqtt-broker.ts), in memory (sim/network). */
export interface Broker {
  /** Resolves when the broker has acknowledged (QoS 1). Rejects when it is unreachable for 10 s. */
  publish(topic: string, payload: string, options?: { retain?: boolean }): Promise<void>;
  /** Keeps the subscription across reconnects. Payloads are unparsed bytes. */
  subscribe(topic: string, listener: (topic: string, payload: Uint8Array) => void): Promise<void>;
  readonly connected: boolean;
  onConnected(listener: (connected: boolean) => void): () => void;
  /** What is wrong with the connection, even while connected; undefined: nothing. */
  readonly trouble?: LinkTrouble | undefined;
  /** Called when `trouble` changes. */
  onTrouble?(listener: (trouble: LinkTrouble | undefined) => void): () => void;
  /** Disconnects in order: the last will is not sent. */
  close(): Promise<void>;
}

export interface LastWill {
  readonly topic: string;
  readonly payload: string;
}

/** Opens the connection with its last will; it reconnects until closed. */
export type OpenBroker = (will: LastWill) => Broker;
