/** What a hostile broker can do to a robot over its connection, by TCP and by WebSocket. */
import { afterEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { delay } from '../../hal/ports/clock.ts';
import { silentLog } from '../../hal/ports/log.ts';
import { MAX_SIGNAL_BYTES } from '../wire/limits.ts';
import type { Broker } from './broker.ts';
import { mqttBroker } from './mqtt-broker.ts';
import { robotClientId } from './mqtt-connection.ts';
import {
  type HostedClient,
  HostileBroker,
  type Manners,
  publish,
  publishHead,
} from './testing/hostile-broker.ts';

const clock = new SystemClock();
const MB = 1_024 * 1_024;
const will = { topic: 'deskmate/1/r/$state', payload: '{"state":"lost"}' };
const UP = 'deskmate/1/r/signal/0123/up';
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of cleanups.splice(0).reverse()) await close();
});

type Transport = 'TCP' | 'WebSocket';

async function setUp(transport: Transport, manners: Manners, random = () => 0) {
  const start = transport === 'TCP' ? HostileBroker.overTcp : HostileBroker.overWebSocket;
  const { broker, url } = await start(manners);
  cleanups.push(() => broker.close());
  const dropped: string[] = [];
  const robot: Broker = mqttBroker({
    ...{ url, clientId: robotClientId('r'), clock, log: silentLog, random },
    onDropped: (why) => dropped.push(why),
  })(will);
  cleanups.push(() => robot.close());
  const heard: number[] = [];
  await robot.subscribe('deskmate/1/r/signal/+/up', (_topic, payload) =>
    heard.push(payload.length),
  );
  return { broker, robot, heard, dropped };
}

async function until(done: () => boolean, ms = 8_000): Promise<void> {
  const end = clock.now() + ms;
  while (!done()) {
    if (clock.now() > end) throw new Error(`not reached within ${ms} ms`);
    await delay(clock, 5);
  }
}

/** Longest CPU time, ms, for which this process blocked the event loop while `act` ran. */
async function longestGap(act: () => Promise<void>): Promise<number> {
  const worked = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  };
  let longest = 0;
  let last = { now: clock.now(), worked: worked() };
  const timer = clock.every(5, () => {
    const here = { now: clock.now(), worked: worked() };
    longest = Math.max(longest, Math.min(here.now - last.now, here.worked - last.worked));
    last = here;
  });
  await act();
  timer.cancel();
  return longest;
}

async function sendLong(client: HostedClient, bytes: number): Promise<void> {
  // How messages are split into WebSocket frames is the broker's choice; here as a proxy does it.
  const chunk = Buffer.alloc(MB / 4);
  await client.send(publishHead(UP, bytes, client.version));
  for (let sent = 0; sent < bytes; sent += chunk.length) await client.send(chunk);
}

describe.each<[Transport, 4 | 5]>([
  ['TCP', 4],
  ['TCP', 5],
  ['WebSocket', 4],
])('over %s, version %d', (transport, version) => {
  it('one message of 200 MB costs almost no memory, and the next one is received', async () => {
    let before = 0;
    let sent = false;
    const { robot, heard, dropped } = await setUp(transport, {
      version,
      onSubscribed: (client) => {
        before = process.memoryUsage().rss;
        void sendLong(client, 200 * MB)
          .then(() => client.send(publish(UP, Buffer.alloc(9), client.version)))
          .then(() => {
            sent = true;
          });
      },
    });
    let most = 0;
    const watch = clock.every(5, () => {
      most = Math.max(most, process.memoryUsage().rss);
    });
    await until(() => sent && heard.length === 2, 20_000);
    watch.cancel();
    expect((most - before) / MB).toBeLessThan(120);
    expect(dropped).toEqual(['tooLong']);
    expect(heard[0], 'long enough to be refused').toBeGreaterThan(MAX_SIGNAL_BYTES);
    expect(heard[1]).toBe(9);
    expect(robot.connected).toBe(true);
  }, 30_000);

  it('a flood of small messages neither blocks the event loop nor accumulates', async () => {
    const { heard, dropped, robot } = await setUp(transport, {
      version,
      onSubscribed: async (client) => {
        const many = Array.from({ length: 500 }, () =>
          publish(UP, Buffer.alloc(8), client.version, 0x30),
        );
        const chunk = Buffer.concat(many);
        for (let n = 0; n < 200 && !client.stream.destroyed; n++) await client.send(chunk);
      },
    });
    await until(() => robot.connected);
    const before = process.memoryUsage().rss;
    const gap = await longestGap(() => until(() => heard.length + dropped.length === 100_000));
    expect(gap).toBeLessThan(250);
    expect(heard.length).toBeLessThan(4_000);
    expect((process.memoryUsage().rss - before) / MB).toBeLessThan(100);
    expect(robot.connected).toBe(true);
    await robot.publish('deskmate/1/r/telemetry', '{}');
  }, 20_000);

  it('acknowledged messages are read no faster than they are processed', async () => {
    const { heard, robot } = await setUp(transport, {
      version,
      onSubscribed: async (client) => {
        const one = publish(UP, Buffer.alloc(8), client.version);
        for (let n = 0; n < 20 && !client.stream.destroyed; n++)
          await client.send(Buffer.concat(Array.from({ length: 100 }, () => one)));
      },
    });
    await until(() => heard.length > 0);
    const start = clock.now();
    await until(() => heard.length === 2_000, 15_000);
    expect(clock.now() - start, '200 at once, then 400 a second').toBeGreaterThan(4_000);
    expect(robot.connected).toBe(true);
  }, 20_000);

  it.each([
    ['messages of quality 2 without end', () => publishHead(UP, 8, 4, 0x34)],
    ['a length that never ends', () => Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0xff])],
    ['a packet that only clients send', () => Buffer.from([0x10, 2, 0, 0])],
  ])('%s: hung up on, tried again later', async (_what, bytes) => {
    const { broker, robot } = await setUp(transport, {
      version,
      onSubscribed: (client) => void client.send(bytes()),
    });
    await until(() => robot.trouble?.kind === 'strange');
    await delay(clock, 400);
    expect(broker.clients.filter((client) => client.version === version).length).toBeLessThan(5);
  });
});

it.each([
  ['PUBACK', [0x40, 2, 9, 9]],
  ['SUBACK', [0x90, 4, 9, 9, 0, 1]],
  ['PINGRESP', [0xd0, 0]],
])('a million times %s: the loop turns, and memory stays', async (_what, packet) => {
  const chunk = Buffer.concat(Array.from({ length: 20_000 }, () => Buffer.from(packet)));
  const { robot } = await setUp('TCP', {
    version: 5,
    onSubscribed: async (client) => {
      for (let n = 0; n < 50 && !client.stream.destroyed; n++) await client.send(chunk);
    },
  });
  await until(() => robot.connected);
  const before = process.memoryUsage().rss;
  expect(await longestGap(() => delay(clock, 1_500))).toBeLessThan(250);
  expect((process.memoryUsage().rss - before) / MB).toBeLessThan(100);
});

it('a WebSocket message of 200 MB ends the connection before it is read', async () => {
  const { broker, robot } = await setUp('WebSocket', { version: 4 });
  await until(() => robot.connected);
  const before = process.memoryUsage().rss;
  // RFC 6455, 5.2: a final binary frame, unmasked, with a length of eight bytes.
  const head = Buffer.alloc(10);
  head.writeUInt16BE(0x827f);
  head.writeBigUInt64BE(BigInt(200 * MB), 2);
  const socket = broker.sockets.at(-1);
  socket?.write(head);
  for (let n = 0; n < 800 && socket?.writable; n++) {
    socket.write(Buffer.alloc(MB / 4));
    await delay(clock, 0);
  }
  await until(() => robot.trouble?.kind === 'strange');
  expect((process.memoryUsage().rss - before) / MB).toBeLessThan(150);
  await until(() => robot.connected);
});

describe.each<Transport>(['TCP', 'WebSocket'])(
  'a broker over %s that accepts and hangs up',
  (transport) => {
    it.each(['end', 'reset'] as const)('by %s: a few connections in 12 s', async (how) => {
      const { broker } = await setUp(transport, { onClient: (client) => client.hangUp(how) });
      await delay(clock, 2_500);
      // With the least jitter: 0.1, 0.4, 0.9 and 1.9 s after the first.
      expect(broker.clients.length).toBeLessThanOrEqual(6);
      expect(broker.clients.length).toBeGreaterThan(1);
    });
  },
);

it('another robot with the same id: reported, and not contested', async () => {
  const { broker, robot } = await setUp('TCP', {
    version: 5,
    // Session taken over, MQTT 5, 3.14.2.1.
    onSubscribed: (client) => void client.send(Buffer.from([0xe0, 2, 0x8e, 0])),
    onClient: (client) => clock.after(50, () => client.hangUp('end')),
  });
  const reported: (string | undefined)[] = [];
  robot.onTrouble?.((trouble) => reported.push(trouble?.kind));
  await until(() => robot.trouble?.kind === 'session');
  await delay(clock, 900);
  expect(broker.clients).toHaveLength(1);
  await until(() => broker.clients.length === 2);
  expect(reported, 'reported once while the id is contested').toEqual(['session']);
});

it('the same without a reason (3.1.1): suspected after three times, and put as a question', async () => {
  const { robot } = await setUp('TCP', { version: 4, onClient: (client) => client.hangUp('end') });
  await until(() => robot.trouble?.kind === 'session');
  expect(robot.trouble?.why).toMatch(/does another robot use the same id\?/);
});

describe('a CONNACK that refuses', () => {
  it.each([
    [4, 2, 'clientId'],
    [4, 3, 'refused'],
    [4, 4, 'credentials'],
    [4, 5, 'credentials'],
    [5, 0x85, 'clientId'],
    [5, 0x86, 'credentials'],
    [5, 0x87, 'credentials'],
    [5, 0x88, 'refused'],
  ] as const)('version %d, code %d: %s', async (version, greeting, kind) => {
    const { broker, robot } = await setUp('TCP', { version, greeting });
    await until(() => robot.trouble?.kind === kind);
    await delay(clock, 300);
    const slow = kind === 'credentials' || kind === 'clientId';
    expect(broker.clients.length).toBeLessThanOrEqual(slow ? 2 : 5);
    expect(robot.connected).toBe(false);
  });
});

it('a refused subscription is reported, and the rest works', async () => {
  const { robot } = await setUp('TCP', { version: 4, suback: 0x80 });
  await until(() => robot.trouble?.kind === 'subscription');
  await until(() => robot.connected);
  await robot.publish('deskmate/1/r/$state', '{}');
});

it('a message in flight when the connection broke is sent over the next one', async () => {
  const { broker, robot } = await setUp('TCP', {
    version: 4,
    ackPublish: false,
    onClient: (client, nth) => nth === 1 && clock.after(200, () => client.hangUp('reset')),
  });
  await until(() => robot.connected);
  const publication = robot.publish('t', 'x');
  await until(() => broker.published.length === 1);
  broker.manners = { ...broker.manners, ackPublish: true };
  await publication;
  expect(broker.published).toHaveLength(2);
});

describe('client id', () => {
  it('is valid for every broker, whatever the robot is called', async () => {
    for (const robot of ['r', 'a'.repeat(32), 'school-42-gymnasiet-robot-7'])
      expect(robotClientId(robot)).toMatch(/^[0-9a-zA-Z]{1,23}$/);
    expect(robotClientId('a')).not.toBe(robotClientId('b'));
    const { broker } = await setUp('TCP', {});
    await until(() => broker.clients.length > 0);
    expect(broker.clients[0]?.clientId).toBe(robotClientId('r'));
  });
});

describe('no CONNACK', () => {
  it('connection ended without a packet: reported, with possible causes', async () => {
    const { broker, robot } = await setUp('TCP', { greeting: undefined });
    await until(() => broker.clients.length > 0);
    broker.clients[0]?.hangUp('end');
    await until(() => robot.trouble?.kind === 'silent');
    expect(robot.trouble?.why).toMatch(/mqtts:/);
  });

  it('silence: times out after ten seconds, and is retried', async () => {
    const { broker, robot } = await setUp('TCP', { greeting: undefined });
    await until(() => robot.trouble?.kind === 'silent', 12_000);
    expect(broker.clients.length).toBeLessThanOrEqual(2);
  }, 15_000);
});
