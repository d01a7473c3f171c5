/**
 * The listeners of simulator and station: one for the operator, on this computer only and with
 * the key of the printed address; one for pupils, also for those of other computers where that was
 * asked for, with their page and the way to the broker and nothing else.
 */

import { FOR_PUPILS, FOR_THIS_COMPUTER, newOperatorKey } from '../web/operator-key.ts';
import { type SocketDoor, WebServer, type WebServerParts } from '../web/web-server.ts';
import { MAX_SIGNAL_BYTES } from '../wire/limits.ts';
import type { SimBroker } from './broker.ts';
import { keptCertificate } from './certificate.ts';
import { listenOn } from './ports.ts';
import { inAddress, notesOnReach, ownAddresses, reachOf } from './reach.ts';

interface FrontParts extends Pick<WebServerParts, 'pages' | 'home' | 'api' | 'sockets'> {
  readonly broker: SimBroker;
  /** Of the first listener; the second has the next. 0: any free ones. */
  readonly port: number;
  /** Where pupils connect. */
  readonly host: string;
  /** What links name where nobody else comes; left out: `host`. */
  readonly own?: string;
  /** What links name in its place. */
  readonly address: string | undefined;
  /** The certificate file of the second listener. */
  readonly certificate: string;
  readonly nowMs: number;
  /** How this is started, for advice. */
  readonly command: string;
}

export interface Front {
  /** Pupils may come from other computers. */
  readonly open: boolean;
  /** For the person beside the robot; whoever has it may do all. */
  readonly url: string;
  /** By which links name this computer. */
  readonly address: string;
  readonly pupilPage: string;
  readonly brokerForPupils: string;
  /** What to know of the address in links, a line each. */
  readonly notes: readonly string[];
  close(): Promise<void>;
}

/** Rejects with OptionError when a port cannot be had, or the address leads nobody here. */
export async function openFront(parts: FrontParts): Promise<Front> {
  const { pages, home, api, host, command } = parts;
  const reach = reachOf(host, parts.address, parts.own);
  const { open, address } = reach;
  const mqtt = { '/mqtt': mqttDoor(parts.broker) };
  const key = newOperatorKey();
  const inside = new WebServer({
    ...{ pages, api, key, only: FOR_THIS_COMPUTER, sockets: { ...parts.sockets, ...mqtt } },
    ...(home !== undefined && { home }),
  });
  // Whoever sees an invitation can come in: it is shown on this computer and nowhere else.
  const own = open ? '127.0.0.1' : host.replace(/^\[|\]$/g, '');
  const port = await listenOn(inside, { port: parts.port, host: own }, command);
  const outside = open
    ? new WebServer({
        ...{ pages, only: FOR_PUPILS, api: {}, sockets: mqtt, names: [address] },
        tls: await keptCertificate(
          parts.certificate,
          ownAddresses(undefined, address),
          parts.nowMs,
        ),
      })
    : undefined;
  const outPort = outside
    ? await listenOn(outside, { port: besides(parts.port), host }, command)
    : port;
  const [http, ws] = open ? ['https', 'wss'] : ['http', 'ws'];
  return {
    ...{ open, address, notes: notesOnReach(reach, command) },
    // By number: whoever has this port on ::1 would be asked too for “localhost”, and told the key.
    url: `http://${inAddress(own)}:${port}/${key}/`,
    pupilPage: `${http}://${address}:${outPort}/pupil/`,
    brokerForPupils: `${ws}://${address}:${outPort}/mqtt`,
    close: async () => {
      await Promise.all([inside.close(), outside?.close()]);
    },
  };
}

const besides = (port: number): number => (port === 65_535 ? port - 1 : port && port + 1);

function mqttDoor(broker: SimBroker): SocketDoor {
  return {
    protocol: 'mqtt',
    forAll: true,
    maxBytes: 2 * MAX_SIGNAL_BYTES,
    open: () => broker.up,
    take: (socket) => broker.takePage(socket),
  };
}
