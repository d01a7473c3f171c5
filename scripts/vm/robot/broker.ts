/** The fleet's broker inside the VM: the simulator's, on two ports of the loopback interface. */
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { SimBroker } from '../../../agent/host/broker.ts';
import type { Addresses } from './robot.ts';

export interface Brokerage {
  readonly broker: SimBroker;
  readonly addresses: Addresses;
}

export async function openBroker(robot: string): Promise<Brokerage> {
  const broker = new SimBroker(robot);
  const port = await broker.start(0);
  const pages = new WebSocketServer({ noServer: true, handleProtocols: () => 'mqtt' });
  const server = createServer();
  server.on('upgrade', (request, socket, head) =>
    pages.handleUpgrade(request, socket, head, (page) => broker.takePage(page)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const pagePort = typeof address === 'object' && address ? address.port : 0;
  const addresses = {
    broker: broker.url(port),
    brokerForPupils: `ws://127.0.0.1:${pagePort}/mqtt`,
  };
  return { broker, addresses };
}
