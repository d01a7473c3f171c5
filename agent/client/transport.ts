/** The broker as the client needs it: one topic in, one topic out. */
export interface SignalTransport {
  /** Resolves when the broker has it; waits while the broker is out of reach. */
  publish(topic: string, payload: string): Promise<void>;
  close(): void;
}

export interface TransportRequest {
  /** ws:// or wss:// address. */
  readonly broker: string;
  /** Names the connection; used as the MQTT client id. */
  readonly peer: string;
  /** Subscribed before `open` resolves, and again after each reconnection. */
  readonly topic: string;
  readonly receive: (payload: Uint8Array) => void;
}

/** Rejects when the broker cannot be reached in time; after that it reconnects by itself. */
export type OpenTransport = (request: TransportRequest) => Promise<SignalTransport>;
