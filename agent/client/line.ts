import { topics } from '../wire/topics.ts';
import { AccessError } from './access-error.ts';
import type { ClientClock } from './client-clock.ts';
import { Knock } from './knock.ts';
import type { OpenTransport, SignalTransport } from './transport.ts';
import type { Binding } from './types.ts';

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
