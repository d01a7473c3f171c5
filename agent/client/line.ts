import { freshPeerId } from '../wire/token.ts';
import { topics } from '../wire/topics.ts';
import { AccessError, type Binding } from './api.ts';
import type { ClientClock, ClientTimer } from './client-clock.ts';
import { Knock } from './knock.ts';

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

/** A line to one robot over the broker. */
export interface Line {
  readonly knock: Knock;
  close(): void;
}

/** Rejects with `brokerUnreachable`. */
export async function openLine(
  open: OpenTransport,
  clock: ClientClock,
  { robot, robotKey, broker }: Binding,
  peer: string,
): Promise<Line> {
  let transport: SignalTransport | undefined;
  const send = (payload: string): Promise<void> => {
    if (transport) return transport.publish(topics.toRobot(robot, peer), payload);
    return Promise.reject(new Error('the line is closed'));
  };
  const knock = new Knock({ robot, robotKey, peer, clock, send });
  const topic = topics.toPeer(robot, peer);
  const receive = (payload: Uint8Array): void => void knock.receive(payload);
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
  return { knock, close };
}

/** A line that nobody used by then is closed again. */
const KEEP_MS = 60_000;

interface Warm {
  readonly binding: Binding;
  readonly peer: string;
  readonly line: Promise<Line>;
  readonly timer: ClientTimer;
}

/** At most one line to a robot, opened ahead of need: it saves TLS and MQTT on the way into class. */
export class WarmLine {
  private warm: Warm | undefined;

  constructor(
    private readonly openTransport: OpenTransport,
    private readonly clock: ClientClock,
  ) {}

  async open(binding: Binding): Promise<void> {
    this.drop();
    const peer = freshPeerId();
    const line = openLine(this.openTransport, this.clock, binding, peer);
    const timer = this.clock.after(KEEP_MS, () => this.drop());
    this.warm = { binding, peer, line, timer };
    await line;
  }

  /** The line if it leads to this robot, and the peer id to go on with in any case. */
  take(binding: Binding): { peer: string; line: Promise<Line> | undefined } {
    const { warm } = this;
    const fits = warm?.binding.robotKey === binding.robotKey;
    if (!warm || !fits || warm.binding.broker !== binding.broker) {
      this.drop();
      return { peer: freshPeerId(), line: undefined };
    }
    warm.timer.cancel();
    this.warm = undefined;
    return { peer: warm.peer, line: warm.line };
  }

  private drop(): void {
    this.warm?.timer.cancel();
    this.warm?.line.then((line) => line.close()).catch(() => undefined);
    this.warm = undefined;
  }
}
