/**
 * Packets that a broker should not send, one type after the other: those that any publisher can
 * cause have no effect; those that only the broker itself can send end the connection, are
 * reported, and are retried at a sustainable pace.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { delay } from '../../hal/ports/clock.ts';
import { silentLog } from '../../hal/ports/log.ts';
import type { Broker } from './broker.ts';
import { mqttBroker } from './mqtt-broker.ts';
import { HostileBroker, type Manners, publish } from './testing/hostile-broker.ts';

const clock = new SystemClock();
const will = { topic: 'deskmate/1/r/$state', payload: '{"state":"lost"}' };
const UP = 'deskmate/1/r/signal/0123/up';
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of cleanups.splice(0).reverse()) await close();
});

async function setUp(manners: Manners): Promise<{ broker: HostileBroker; robot: Broker }> {
  const { broker, url } = await HostileBroker.overTcp(manners);
  cleanups.push(() => broker.close());
  const parts = { url, clientId: 'r', clock, log: silentLog, random: () => 0 };
  const robot = mqttBroker(parts)(will);
  cleanups.push(() => robot.close());
  await robot.subscribe('deskmate/1/r/signal/+/up', () => {});
  return { broker, robot };
}

async function until(done: () => boolean, ms = 8_000): Promise<void> {
  const end = clock.now() + ms;
  while (!done()) {
    if (clock.now() > end) throw new Error(`not reached within ${ms} ms`);
    await delay(clock, 5);
  }
}

const bytes = (...of: number[]) => Buffer.from(of);
/** A message whose topic has `length` bytes; the longest is 65,535 (MQTT 5, 1.5.4). */
const longTopic = (length: number) => (version: number) =>
  publish(`deskmate/1/r/signal/${'x'.repeat(length - 23)}/up`, Buffer.alloc(9), version);
/** A message with the first byte of the peer's name replaced. */
const alteredTopic = (byte: number) => (version: number) => {
  const whole = publish(UP, Buffer.alloc(9), version);
  whole[whole.indexOf('0123')] = byte;
  return whole;
};

/** MQTT 5 only; the others are the same in both versions. */
const ONLY_5 = [5] as const;
const BOTH = [4, 5] as const;
type Row = readonly [string, readonly (4 | 5)[], (version: number) => Buffer];

const HARMLESS: readonly Row[] = [
  ['the longest topic', BOTH, longTopic(65_535)],
  ['a topic just as long as is kept', BOTH, longTopic(65_531)],
  ['no topic', BOTH, (version) => publish('', Buffer.alloc(9), version)],
  ['no payload', BOTH, (version) => publish(UP, Buffer.alloc(0), version)],
  ['retained', BOTH, (version) => publish(UP, Buffer.alloc(9), version, 0x33)],
  ['invalid UTF-8 as a topic', BOTH, alteredTopic(0xff)],
  ['NUL in a topic', BOTH, alteredTopic(0)],
  ['a wildcard in a topic', BOTH, alteredTopic(0x2b)],
  ['PUBACK for nothing that was sent', BOTH, () => bytes(0x40, 2, 0x12, 0x34)],
  ['UNSUBACK for nothing that was asked', BOTH, () => bytes(0xb0, 2, 0x12, 0x34)],
];

const STRANGE: readonly Row[] = [
  ['a PUBLISH of no bytes', BOTH, () => bytes(0x30, 0)],
  ['PUBREC', BOTH, () => bytes(0x50, 2, 0, 1)],
  ['PUBREL', BOTH, () => bytes(0x62, 2, 0, 1)],
  ['PUBCOMP', BOTH, () => bytes(0x70, 2, 0, 1)],
  ['SUBSCRIBE', BOTH, () => bytes(0x82, 6, 0, 1, 0, 1, 65, 0)],
  ['AUTH', BOTH, () => bytes(0xf0, 0)],
  ['a second greeting', BOTH, (v) => (v === 5 ? bytes(0x20, 3, 0, 0, 0) : bytes(0x20, 2, 0, 0))],
  ['SUBACK without its properties', ONLY_5, () => bytes(0x90, 3, 0x12, 0x34, 1)],
  ['an alias for a topic', ONLY_5, () => bytes(0x30, 8, 0, 1, 65, 3, 0x23, 0, 5, 1)],
  ['an alias of 0', ONLY_5, () => bytes(0x30, 8, 0, 1, 65, 3, 0x23, 0, 0, 1)],
];

const each = (rows: readonly Row[]) =>
  rows.flatMap(([what, versions, packet]) =>
    versions.map((version) => [what, version, packet] as const),
  );

describe('changes nothing', () => {
  it.each(each(HARMLESS))('%s (version %d)', async (_what, version, packet) => {
    const { broker, robot } = await setUp({
      version,
      onSubscribed: (client) => void client.send(packet(version)),
    });
    await until(() => robot.connected);
    await delay(clock, 30);
    await robot.publish('deskmate/1/r/usage', 'a record');
    expect(robot.trouble).toBeUndefined();
    expect(broker.clients.filter((client) => client.version === version)).toHaveLength(1);
  });
});

describe('ends the connection, is reported, and does not affect the next one', () => {
  it.each(each(STRANGE))('%s (version %d)', async (_what, version, packet) => {
    const { broker, robot } = await setUp({
      version,
      onSubscribed: (client) => void client.send(packet(version)),
    });
    await until(() => robot.trouble?.kind === 'strange');
    const kept = robot.publish('deskmate/1/r/usage', 'a record');
    await delay(clock, 200);
    expect(broker.clients.length).toBeLessThanOrEqual(4);
    broker.manners = { version };
    await kept;
    await until(() => robot.connected && robot.trouble === undefined);
  });

  it('a malformed CONNACK', async () => {
    const { broker, robot } = await setUp({ version: 5, terms: [0x7f, 0, 0] });
    await until(() => robot.trouble?.kind === 'strange', 2_000);
    broker.manners = {};
    await until(() => robot.connected);
  });
});

/** MQTT 5, 3.14: a broker that sends DISCONNECT, and may not close the stream. */
describe('DISCONNECT', () => {
  it.each([
    [0x8e, 'session', /another client/],
    [0x89, 'refused', /busy/],
    [0x8b, 'refused', /being stopped/],
    [0x97, 'refused', /quota/],
    [0x9d, 'refused', /has moved.*\(it names "b\.example"\)/],
  ] as const)('with reason %d is the end, whoever keeps the line open', async (code, kind, why) => {
    const reference = [0x1c, 0, 9, ...Buffer.from('b.example')];
    const { broker, robot } = await setUp({
      version: 5,
      onSubscribed: (client) => void client.send(bytes(0xe0, 14, code, 12, ...reference)),
    });
    await until(() => robot.trouble?.kind === kind);
    expect(robot.trouble?.why).toMatch(why);
    await until(() => !robot.connected);
    await delay(clock, 200);
    expect(broker.clients.length).toBeLessThanOrEqual(3);
    expect(broker.clients.every(({ version }) => version === 5)).toBe(true);
  });

  it('without a reason, three times: asked whether another robot has the id', async () => {
    const { robot } = await setUp({
      version: 5,
      onSubscribed: (client) => void client.send(bytes(0xe0, 0)),
    });
    await until(() => robot.trouble?.kind === 'session');
  });
});

it.each([0x89, 0x97, 0x9c, 0x9f])(
  'a CONNACK with a reason code of MQTT 5 (%d) causes no fallback to an older version',
  async (greeting) => {
    const { broker, robot } = await setUp({ greeting });
    await until(() => broker.clients.length >= 3);
    expect(broker.clients.every(({ version }) => version === 5)).toBe(true);
    expect(robot.trouble?.kind).toBe('refused');
  },
);

describe('limits and omissions of a broker', () => {
  it('Receive Maximum 1: messages are sent one after the other', async () => {
    let atOnce = 0;
    const { broker, robot } = await setUp({ version: 5, terms: [0x21, 0, 1], ackPublish: false });
    await until(() => robot.connected);
    const publications = Array.from({ length: 5 }, (_, n) => robot.publish('t', `${n}`));
    await delay(clock, 60);
    atOnce = broker.published.length;
    expect(atOnce).toBe(1);
    broker.manners = { version: 5 };
    broker.clients.at(-1)?.hangUp('reset');
    await Promise.all(publications);
    expect(broker.published).toHaveLength(6);
  });

  it('Maximum Packet Size exceeded: the publication is rejected, the connection stays', async () => {
    const { broker, robot } = await setUp({ version: 5, terms: [0x27, 0, 0, 0, 100] });
    await until(() => robot.connected);
    await expect(robot.publish('t', 'x'.repeat(200))).rejects.toThrow(/takes 100 at most/);
    await robot.publish('t', 'x');
    expect(broker.clients).toHaveLength(1);
  });

  it('no PINGRESP: disconnected after the Server Keep Alive', async () => {
    const { broker, robot } = await setUp({ version: 5, terms: [0x13, 0, 1], pong: false });
    await until(() => robot.connected);
    await until(() => robot.trouble !== undefined, 4_000);
    broker.manners = {};
    await until(() => robot.connected);
  });

  it('no SUBACK: reported after ten seconds, and retried', async () => {
    const { broker, robot } = await setUp({ version: 5, suback: 'never' });
    await until(() => robot.trouble?.kind === 'subscription', 12_000);
    expect(broker.clients).toHaveLength(1);
    broker.manners = {};
    await until(() => robot.connected && robot.trouble === undefined);
  }, 15_000);
});

it('a topic refused after CONNACK is reported as well', async () => {
  const { broker, robot } = await setUp({ version: 5 });
  await until(() => robot.connected);
  broker.manners = { version: 5, suback: 0x87 };
  await robot.subscribe('deskmate/1/r/time/answer', () => {});
  expect(robot.trouble?.kind).toBe('subscription');
  expect(robot.connected).toBe(true);
});
