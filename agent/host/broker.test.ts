import { type EventEmitter, once as onceOf } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import mqtt, { type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { MAX_SIGNAL_BYTES } from '../wire/limits.ts';
import { topics } from '../wire/topics.ts';
import { SimBroker } from './broker.ts';

const peer = '0123456789abcdef0123456789abcdef';
const other = 'fedcba9876543210fedcba9876543210';

/** mqtt types its events too narrowly for `events.once`. */
const once = (source: unknown, event: string) => onceOf(source as EventEmitter, event);

let broker: SimBroker;
let tcpPort: number;
let http: Server;
let page: string;
const clients: MqttClient[] = [];

beforeEach(async () => {
  broker = new SimBroker('sim-1');
  tcpPort = await broker.start(0);
  http = createServer();
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket) => broker.takePage(socket));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  page = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/mqtt`;
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.end(true);
  await broker.close();
  await new Promise((resolve) => http.close(resolve));
});

function connect(url: string, options: mqtt.IClientOptions = {}): MqttClient {
  const client = mqtt.connect(url, { reconnectPeriod: 0, connectTimeout: 3_000, ...options });
  client.on('error', () => {});
  clients.push(client);
  return client;
}

async function pupil(options: mqtt.IClientOptions = {}): Promise<MqttClient> {
  const client = connect(page, options);
  await once(client, 'connect');
  return client;
}

async function robot(): Promise<MqttClient> {
  const client = connect(broker.url(tcpPort), { clientId: 'sim-1' });
  await once(client, 'connect');
  return client;
}

describe('the broker between a pupil and the robot', () => {
  it('carries a hello and its answer', async () => {
    const [itself, visitor] = [await robot(), await pupil()];
    await itself.subscribeAsync(topics.allPeers('sim-1'));
    await visitor.subscribeAsync(topics.toPeer('sim-1', peer));
    itself.on('message', () => itself.publish(topics.toPeer('sim-1', peer), 'come in'));
    const answer = once(visitor, 'message');
    visitor.publish(topics.toRobot('sim-1', peer), 'hello', { qos: 1 });
    expect(String((await answer)[1])).toBe('come in');
  });

  it('holds back nothing that it has for the robot', async () => {
    const told = vi.spyOn(Socket.prototype, 'setNoDelay');
    try {
      await robot();
      expect(told.mock.calls).toEqual([[]]);
    } finally {
      told.mockRestore();
    }
  });

  it('keeps the state for who comes later, and tells the launcher', async () => {
    const told: string[] = [];
    broker.onState((payload) => told.push(payload));
    await (await robot()).publishAsync(topics.state('sim-1'), '{"state":"ready"}', {
      qos: 1,
      retain: true,
    });
    const visitor = await pupil();
    const state = once(visitor, 'message');
    await visitor.subscribeAsync(topics.state('sim-1'));
    expect(String((await state)[1])).toBe('{"state":"ready"}');
    expect(told).toEqual(['{"state":"ready"}']);
  });
});

describe('a hostile client', () => {
  it('cannot come in over TCP without the password, nor with a wrong one', async () => {
    for (const options of [{}, { username: 'sim-1', password: 'guess' }, { username: 'sim-1' }]) {
      const client = connect(`mqtt://127.0.0.1:${tcpPort}`, options);
      const [error] = await once(client, 'error');
      expect(String(error)).toMatch(/not authorized/i);
    }
    expect(broker.refusals.password).toBe(3);
  });

  it('cannot listen to another device, to all devices or to the fleet', async () => {
    const spy = await pupil();
    const filters = ['#', 'deskmate/1/sim-1/signal/+/down', topics.usage('sim-1'), '$SYS/#'];
    for (const filter of filters) await expect(spy.subscribeAsync(filter)).rejects.toThrow();
    const heard: string[] = [];
    spy.on('message', (topic) => heard.push(topic));
    const itself = await robot();
    await itself.publishAsync(topics.toPeer('sim-1', other), 'secret', { qos: 1 });
    await itself.publishAsync(topics.usage('sim-1'), 'record', { qos: 1 });
    expect(heard).toEqual([]);
  });

  it('is thrown out when it speaks for the robot', async () => {
    for (const topic of [topics.state('sim-1'), topics.toPeer('sim-1', other)]) {
      const forger = await pupil();
      const closed = once(forger, 'close');
      forger.publish(topic, 'forged');
      await closed;
    }
    expect(broker.refusals.topic).toBe(2);
  });

  it('is thrown out for a retained or a long message', async () => {
    for (const [bytes, retain] of [
      [10, true],
      [MAX_SIGNAL_BYTES + 1, false],
      [2_000_000, false],
    ] as const) {
      const flooder = await pupil();
      const closed = once(flooder, 'close');
      flooder.publish(topics.toRobot('sim-1', peer), Buffer.alloc(bytes), { retain });
      await closed;
    }
    expect(broker.refusals).toEqual({ retained: 1, tooLong: 2 });
  });

  it('leaves no last will in a topic that is not its own', async () => {
    const told: string[] = [];
    broker.onState((payload) => told.push(payload));
    const will = { topic: topics.state('sim-1'), payload: Buffer.from('lost'), qos: 0 as const };
    const ghost = await pupil({ will });
    ghost.stream.destroy();
    await once(ghost, 'close');
    await (await robot()).publishAsync(topics.state('sim-1'), 'ready', { qos: 1 });
    expect(told).toEqual(['ready']);
  });

  it('cannot push the robot off by taking its name', async () => {
    const itself = await robot();
    await pupil({ clientId: 'sim-1' });
    await itself.publishAsync(topics.state('sim-1'), 'ready', { qos: 1 });
    expect(itself.connected).toBe(true);
  });

  it('does no harm with bytes that are not MQTT', async () => {
    const { WebSocket } = await import('ws');
    for (const garbage of ['GET / HTTP/1.1\r\n\r\n', '\x10\xff\xff\xff\xff\xff', '\0'.repeat(99)]) {
      const socket = new WebSocket(page, 'mqtt');
      await once(socket, 'open');
      socket.send(Buffer.from(garbage, 'latin1'));
      await once(socket, 'close');
    }
    expect((await pupil()).connected).toBe(true);
  });
});

describe('a broker that goes and comes back', () => {
  it('drops everybody, refuses meanwhile, and keeps what was retained', async () => {
    const [itself, visitor] = [await robot(), await pupil()];
    await itself.publishAsync(topics.state('sim-1'), 'ready', { qos: 1, retain: true });
    const dropped = Promise.all([once(itself, 'close'), once(visitor, 'close')]);
    await broker.down();
    await dropped;
    expect(broker.up).toBe(false);
    const early = connect(page);
    await once(early, 'close');
    await broker.start(tcpPort);
    const back = await pupil();
    const state = once(back, 'message');
    await back.subscribeAsync(topics.state('sim-1'));
    expect(String((await state)[1])).toBe('ready');
  });
});
