/** Against a real broker on the loopback network. */
import { createServer, type Server } from 'node:net';
import { Aedes } from 'aedes';
import { afterEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { delay } from '../../hal/ports/clock.ts';
import { silentLog } from '../../hal/ports/log.ts';
import type { Broker } from './broker.ts';
import { REFUSED, retryAfterMs } from './link-machine.ts';
import { MAX_WAITING, mqttBroker } from './mqtt-broker.ts';

const clock = new SystemClock();
const will = { topic: 'deskmate/1/r/$state', payload: '{"state":"lost"}' };
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of cleanups.splice(0).reverse()) await close();
});

interface Published {
  readonly topic: string;
  readonly text: string;
  readonly retain: boolean;
}

/** Starts a broker; a given port allows a restart at the same address. */
async function startBroker(port = 0) {
  const aedes = await Aedes.createBroker();
  const server: Server = createServer(aedes.handle);
  const published: Published[] = [];
  aedes.on('publish', ({ topic, payload, retain }, client) => {
    if (client || topic === will.topic) published.push({ topic, text: payload.toString(), retain });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  const stop = async (): Promise<void> => {
    await new Promise<void>((resolve) => aedes.close(() => resolve()));
    await new Promise((resolve) => server.close(resolve));
  };
  cleanups.push(stop);
  const at = typeof address === 'object' && address ? address.port : 0;
  return { aedes, published, stop, port: at, url: `mqtt://127.0.0.1:${at}` };
}

function robotOn(url: string): Broker {
  const broker = mqttBroker({ url, clientId: 'r', clock, log: silentLog, random: () => 0 })(will);
  cleanups.push(() => broker.close());
  return broker;
}

async function until(done: () => boolean): Promise<void> {
  const end = clock.now() + 8_000;
  while (!done()) {
    if (clock.now() > end) throw new Error('not reached within 8 s');
    await delay(clock, 10);
  }
}

describe('broker over MQTT', () => {
  it('publishes once connected, and receives what it subscribed to', async () => {
    const { url, published, aedes } = await startBroker();
    const robot = robotOn(url);
    const received: string[] = [];
    await robot.subscribe('deskmate/1/r/signal/+/up', (topic, payload) =>
      received.push(`${topic} ${Buffer.from(payload)}`),
    );
    await robot.publish('deskmate/1/r/$state', '{"state":"ready"}', { retain: true });
    expect(published).toContainEqual({
      topic: 'deskmate/1/r/$state',
      text: '{"state":"ready"}',
      retain: true,
    });
    const shout = (topic: string) =>
      aedes.publish(
        { cmd: 'publish', topic, payload: Buffer.from('x'), qos: 0, dup: false, retain: false },
        () => {},
      );
    shout('deskmate/1/r/signal/abc/up');
    shout('deskmate/1/r/signal/abc/down');
    await until(() => received.length > 0);
    expect(received).toEqual(['deskmate/1/r/signal/abc/up x']);
  });

  it('reconnects by itself with its subscriptions, and reports both', async () => {
    const first = await startBroker();
    const robot = robotOn(first.url);
    const changes: boolean[] = [];
    robot.onConnected((connected) => changes.push(connected));
    let received = 0;
    await robot.subscribe('t/+', () => {
      received += 1;
    });
    await until(() => robot.connected);
    await first.stop();
    await until(() => !robot.connected);
    const second = await startBroker(first.port);
    const kept = robot.publish('t/own', 'kept while away');
    await until(() => robot.connected);
    await kept;
    await until(() => received === 1);
    expect(second.published.map(({ text }) => text)).toEqual(['kept while away']);
    expect(changes).toEqual([true, false, true]);
  });

  it('its last will is sent when it vanishes, not when it disconnects in order', async () => {
    const { url, published, aedes } = await startBroker();
    const polite = robotOn(url);
    await until(() => polite.connected);
    await polite.close();
    await until(() => aedes.connectedClients === 0);
    expect(published).toEqual([]);
    const rude = robotOn(url);
    await until(() => rude.connected);
    for (const client of Object.values(clientsOf(aedes))) client.conn.destroy();
    await until(() => published.length > 0);
    expect(published[0]).toEqual({ topic: will.topic, text: will.payload, retain: true });
  });

  it('bounds what waits for an unreachable broker', async () => {
    const robot = robotOn('mqtt://127.0.0.1:9');
    const waiting = Array.from({ length: MAX_WAITING }, () => robot.publish('t', 'x'));
    for (const one of waiting) one.catch(() => {});
    await expect(robot.publish('t', 'x')).rejects.toThrow(/wait already/);
    await robot.close();
    await expect(robot.publish('t', 'x')).rejects.toThrow(/closed/);
  });
});

it('waits longer each time, with jitter', () => {
  expect([0, 1, 2, 3].map((attempt) => retryAfterMs(attempt, 1))).toEqual([1000, 2000, 4000, 8000]);
  expect(retryAfterMs(50, 1)).toBe(30_000);
  expect(retryAfterMs(50, 0), 'never nothing').toBe(3_750);
  expect(retryAfterMs(0, 0, REFUSED)).toBe(7_500);
  expect(retryAfterMs(50, 1, REFUSED)).toBe(300_000);
});

/** The broker's internal table of connections, missing in its types. */
function clientsOf(aedes: Aedes): Record<string, { conn: { destroy(): void } }> {
  return (aedes as unknown as { clients: Record<string, { conn: { destroy(): void } }> }).clients;
}
