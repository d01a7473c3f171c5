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
const left: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of left.splice(0).reverse()) await close();
});

interface Said {
  readonly topic: string;
  readonly text: string;
  readonly retain: boolean;
}

/** Starts a broker, on a given port to come back to the same place. */
async function station(port = 0) {
  const aedes = await Aedes.createBroker();
  const server: Server = createServer(aedes.handle);
  const said: Said[] = [];
  aedes.on('publish', ({ topic, payload, retain }, client) => {
    if (client || topic === will.topic) said.push({ topic, text: payload.toString(), retain });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  const stop = async (): Promise<void> => {
    await new Promise<void>((resolve) => aedes.close(() => resolve()));
    await new Promise((resolve) => server.close(resolve));
  };
  left.push(stop);
  const at = typeof address === 'object' && address ? address.port : 0;
  return { aedes, said, stop, port: at, url: `mqtt://127.0.0.1:${at}` };
}

function robotOn(url: string): Broker {
  const broker = mqttBroker({ url, clientId: 'r', clock, log: silentLog, random: () => 0 })(will);
  left.push(() => broker.close());
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
  it('publishes once the broker is reached, and hears what it subscribed to', async () => {
    const { url, said, aedes } = await station();
    const robot = robotOn(url);
    const heard: string[] = [];
    await robot.subscribe('deskmate/1/r/signal/+/up', (topic, payload) =>
      heard.push(`${topic} ${Buffer.from(payload)}`),
    );
    await robot.publish('deskmate/1/r/$state', '{"state":"ready"}', { retain: true });
    expect(said).toContainEqual({
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
    await until(() => heard.length > 0);
    expect(heard).toEqual(['deskmate/1/r/signal/abc/up x']);
  });

  it('comes back by itself, subscribed as before, and tells both', async () => {
    const first = await station();
    const robot = robotOn(first.url);
    const changes: boolean[] = [];
    robot.onConnected((connected) => changes.push(connected));
    let heard = 0;
    await robot.subscribe('t/+', () => {
      heard += 1;
    });
    await until(() => robot.connected);
    await first.stop();
    await until(() => !robot.connected);
    const second = await station(first.port);
    const kept = robot.publish('t/own', 'kept while away');
    await until(() => robot.connected);
    await kept;
    await until(() => heard === 1);
    expect(second.said.map(({ text }) => text)).toEqual(['kept while away']);
    expect(changes).toEqual([true, false, true]);
  });

  it('leaves its last will when it vanishes, not when it says goodbye', async () => {
    const { url, said, aedes } = await station();
    const polite = robotOn(url);
    await until(() => polite.connected);
    await polite.close();
    await until(() => aedes.connectedClients === 0);
    expect(said).toEqual([]);
    const rude = robotOn(url);
    await until(() => rude.connected);
    for (const client of Object.values(clientsOf(aedes))) client.conn.destroy();
    await until(() => said.length > 0);
    expect(said[0]).toEqual({ topic: will.topic, text: will.payload, retain: true });
  });

  it('lets only so much wait for a broker that is not there', async () => {
    const robot = robotOn('mqtt://127.0.0.1:9');
    const waiting = Array.from({ length: MAX_WAITING }, () => robot.publish('t', 'x'));
    for (const one of waiting) one.catch(() => {});
    await expect(robot.publish('t', 'x')).rejects.toThrow(/wait already/);
    await robot.close();
    await expect(robot.publish('t', 'x')).rejects.toThrow(/closed/);
  });
});

it('waits longer and longer, and never in step with the fleet', () => {
  expect([0, 1, 2, 3].map((attempt) => retryAfterMs(attempt, 1))).toEqual([1000, 2000, 4000, 8000]);
  expect(retryAfterMs(50, 1)).toBe(30_000);
  expect(retryAfterMs(50, 0), 'never nothing').toBe(3_750);
  expect(retryAfterMs(0, 0, REFUSED)).toBe(7_500);
  expect(retryAfterMs(50, 1, REFUSED)).toBe(300_000);
});

/** The broker's own table of connections; its types do not show it. */
function clientsOf(aedes: Aedes): Record<string, { conn: { destroy(): void } }> {
  return (aedes as unknown as { clients: Record<string, { conn: { destroy(): void } }> }).clients;
}
