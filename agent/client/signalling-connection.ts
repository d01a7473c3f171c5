import { freshPeerId } from '../wire/token.ts';
import { topics } from '../wire/topics.ts';
import { AccessError, type Binding } from './api.ts';
import type { ClientClock, ClientTimer } from './client-clock.ts';
import { SignallingHandshake } from './signalling-handshake.ts';

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

/** A signalling connection to one robot, over the broker. */
export interface SignallingConnection {
  readonly handshake: SignallingHandshake;
  close(): void;
}

/** Rejects with `brokerUnreachable`. */
export async function openSignalling(
  open: OpenTransport,
  clock: ClientClock,
  { robot, robotKey, broker }: Binding,
  peer: string,
): Promise<SignallingConnection> {
  let transport: SignalTransport | undefined;
  const send = (payload: string): Promise<void> => {
    if (transport) return transport.publish(topics.toRobot(robot, peer), payload);
    return Promise.reject(new Error('the connection is closed'));
  };
  const handshake = new SignallingHandshake({ robot, robotKey, peer, clock, send });
  const topic = topics.toPeer(robot, peer);
  const receive = (payload: Uint8Array): void => void handshake.receive(payload);
  try {
    transport = await open({ broker, peer, topic, receive });
  } catch (error) {
    throw error instanceof AccessError
      ? error
      : new AccessError('brokerUnreachable', `${broker}: ${String(error)}`);
  }
  const close = (): void => {
    transport?.close();
    transport = undefined;
  };
  return { handshake, close };
}

/** A connection that nobody used by then is closed again. */
const KEEP_MS = 60_000;

interface Preconnected {
  readonly binding: Binding;
  readonly peer: string;
  readonly signalling: Promise<SignallingConnection>;
  readonly timer: ClientTimer;
}

/** At most one connection to a robot, opened ahead of need: it saves TLS and MQTT on the way into class. */
export class Preconnect {
  private preconnected: Preconnected | undefined;

  constructor(
    private readonly openTransport: OpenTransport,
    private readonly clock: ClientClock,
  ) {}

  async open(binding: Binding): Promise<void> {
    this.drop();
    const peer = freshPeerId();
    const signalling = openSignalling(this.openTransport, this.clock, binding, peer);
    const timer = this.clock.after(KEEP_MS, () => this.drop());
    this.preconnected = { binding, peer, signalling, timer };
    await signalling;
  }

  /** The connection if it leads to this robot, and the peer id to go on with in any case. */
  take(binding: Binding): { peer: string; signalling: Promise<SignallingConnection> | undefined } {
    const { preconnected } = this;
    const fits = preconnected?.binding.robotKey === binding.robotKey;
    if (!preconnected || !fits || preconnected.binding.broker !== binding.broker) {
      this.drop();
      return { peer: freshPeerId(), signalling: undefined };
    }
    preconnected.timer.cancel();
    this.preconnected = undefined;
    return { peer: preconnected.peer, signalling: preconnected.signalling };
  }

  private drop(): void {
    this.preconnected?.timer.cancel();
    this.preconnected?.signalling.then((signalling) => signalling.close()).catch(() => undefined);
    this.preconnected = undefined;
  }
}
