/** The broker of docs/servers.md: mosquitto with its users and rules, robot and pupil as they ship. */
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMqttTransport } from '../../../agent/client/mqtt-transport.ts';
import { parseConfig } from '../../../agent/config.ts';
import { MAX_SIGNAL_BYTES } from '../../../agent/wire/limits.ts';
import { topics } from '../../../agent/wire/topics.ts';
import { root } from '../../preflight.mjs';
import { block, fitted, freePort, makeCertificate, openFolder, Server } from './testing/server.ts';

const folder = openFolder();
const PASSWORD = '0123456789abcdef';
const PEER = '0'.repeat(32);
const OTHER = '1'.repeat(32);
const HEARD_MS = 400;

let server: Server;
let certificate: string;
let tlsPort: number;
let wsPort: number;

beforeAll(async () => {
  const made = await makeCertificate(folder.path, 'localhost');
  certificate = readFileSync(made.certificate, 'utf8');
  [tlsPort, wsPort] = [await freePort(), await freePort()];
  const file = (name: string): string => path.join(folder.path, name);
  writeFileSync(file('acl'), block('/etc/mosquitto/deskmate.acl'));
  writeFileSync(file('passwd'), '');
  for (const user of ['robot-1', 'robot-2', 'pupil', 'central'])
    execFileSync('mosquitto_passwd', ['-b', file('passwd'), user, PASSWORD]);
  for (const name of ['acl', 'passwd']) chmodSync(file(name), 0o644);
  const text = fitted(block('/etc/mosquitto/conf.d/deskmate.conf'), {
    '/etc/mosquitto/deskmate.passwd': file('passwd'),
    '/etc/mosquitto/deskmate.acl': file('acl'),
    '/etc/mosquitto/certs/fullchain.pem': made.certificate,
    '/etc/mosquitto/certs/privkey.pem': made.key,
    'listener 8883': `listener ${tlsPort} 127.0.0.1`,
    'listener 9001 ': `listener ${wsPort} `,
  });
  writeFileSync(file('conf'), text);
  server = await Server.start(['mosquitto', '-v', '-c', file('conf')], (said) =>
    / running/.test(said),
  );
});

afterAll(async () => {
  await server?.stop();
  folder.remove();
});

/** As a robot or the central team comes: by TLS. */
const connect = (username: string, password = PASSWORD): Promise<mqtt.MqttClient> =>
  mqtt.connectAsync(`mqtts://localhost:${tlsPort}`, {
    ...{ host: '127.0.0.1', servername: 'localhost', ca: certificate },
    ...{ username, password, reconnectPeriod: 0, protocolVersion: 4 },
  });

/** As a pupil's device comes, with that client id. */
const connectPupil = (clientId: string): Promise<mqtt.MqttClient> =>
  mqtt.connectAsync(`ws://127.0.0.1:${wsPort}/mqtt`, {
    ...{ clientId, username: 'pupil', password: PASSWORD, reconnectPeriod: 0 },
  });

/** What `listener` receives of `topic` when everybody may publish on `said`. */
async function heard(
  listener: mqtt.MqttClient,
  filter: string,
  speaker: mqtt.MqttClient,
  said: string,
): Promise<string[]> {
  const got: string[] = [];
  listener.on('message', (topic) => got.push(topic));
  await listener.subscribeAsync(filter, { qos: 1 }).catch(() => undefined);
  await speaker.publishAsync(said, 'x', { qos: 1 });
  await new Promise((resolve) => setTimeout(resolve, HEARD_MS));
  listener.removeAllListeners('message');
  for (const client of [listener, speaker]) client.end(true);
  return got;
}

describe('who gets in', () => {
  it('nobody without a user, by either door', async () => {
    const door = { reconnectPeriod: 0, connectTimeout: 3_000 };
    const anonymous = mqtt.connectAsync(`ws://127.0.0.1:${wsPort}/mqtt`, door);
    await expect(anonymous).rejects.toThrow(/[Nn]ot authorized/);
    await expect(connect('robot-1', 'guessed')).rejects.toThrow(/[Nn]ot authorized/);
  });

  it('nobody without TLS at the robots’ door', async () => {
    const plain = mqtt.connectAsync(`mqtt://127.0.0.1:${tlsPort}`, {
      ...{ username: 'robot-1', password: PASSWORD, reconnectPeriod: 0, connectTimeout: 2_000 },
    });
    await expect(plain).rejects.toThrow();
  });
});

describe('a robot', () => {
  it.each([
    [topics.state('robot-1')],
    [topics.telemetry('robot-1')],
    [topics.usage('robot-1')],
    [topics.toPeer('robot-1', PEER)],
  ])('says %s, and no other robot hears it', async (topic) => {
    const other = await heard(await connect('robot-2'), '#', await connect('robot-1'), topic);
    expect(other).toEqual([]);
  });

  it('hears its own knocks and not those of another', async () => {
    const knock = async (robot: string) =>
      heard(await connect('robot-1'), '#', await connectPupil(PEER), topics.toRobot(robot, PEER));
    expect(await knock('robot-1')).toEqual([topics.toRobot('robot-1', PEER)]);
    expect(await knock('robot-2')).toEqual([]);
  });

  it('cannot speak as another robot', async () => {
    const forged = topics.state('robot-2');
    expect(await heard(await connect('central'), '#', await connect('robot-1'), forged)).toEqual(
      [],
    );
  });
});

describe('a pupil’s device', () => {
  it('as it ships: knocks, and hears the answer, of 48 KiB too', async () => {
    const robot = await connect('robot-1');
    const knocks: number[] = [];
    robot.on('message', (_topic, payload) => knocks.push(payload.length));
    await robot.subscribeAsync(topics.allPeers('robot-1'), { qos: 1 });
    const answers: number[] = [];
    const transport = await openMqttTransport({
      ...{ broker: `ws://pupil:${PASSWORD}@127.0.0.1:${wsPort}/mqtt`, peer: PEER },
      topic: topics.toPeer('robot-1', PEER),
      receive: (payload) => answers.push(payload.length),
    });
    await transport.publish(topics.toRobot('robot-1', PEER), 'x'.repeat(MAX_SIGNAL_BYTES));
    await robot.publishAsync(topics.toPeer('robot-1', PEER), 'x'.repeat(MAX_SIGNAL_BYTES), {
      qos: 1,
    });
    await expect
      .poll(() => ({ knocks, answers }), { timeout: 8_000 })
      .toEqual({ knocks: [MAX_SIGNAL_BYTES], answers: [MAX_SIGNAL_BYTES] });
    transport.close();
    robot.end(true);
  });

  it.each(['#', 'deskmate/1/+/signal/+/down', topics.toPeer('robot-1', OTHER)])(
    'does not hear what is meant for another device by %s',
    async (filter) => {
      const said = topics.toPeer('robot-1', OTHER);
      expect(await heard(await connectPupil(PEER), filter, await connect('robot-1'), said)).toEqual(
        [],
      );
    },
  );

  it.each([topics.usage('robot-1'), topics.telemetry('robot-1'), topics.state('robot-1')])(
    'does not hear %s',
    async (said) => {
      expect(await heard(await connectPupil(PEER), '#', await connect('robot-1'), said)).toEqual(
        [],
      );
    },
  );

  it.each([
    topics.toRobot('robot-1', OTHER),
    topics.toPeer('robot-1', PEER),
    topics.state('robot-1'),
    topics.usage('robot-1'),
  ])('cannot say %s', async (said) => {
    const [robot, central] = await Promise.all([connect('robot-1'), connect('central')]);
    const byRobot = await heard(robot, '#', await connectPupil(PEER), said);
    const byTeam = await heard(central, '#', await connectPupil(PEER), said);
    expect([...byRobot, ...byTeam]).toEqual([]);
  });

  it('gains nothing by a client id with wildcards', async () => {
    const said = topics.toPeer('robot-1', OTHER);
    const sly = connectPupil('+');
    expect(await heard(await sly, '#', await connect('robot-1'), said)).toEqual([]);
  });
});

it('the central team hears what robots report, and no signalling', async () => {
  const listen = async (topic: string) =>
    heard(await connect('central'), '#', await connect('robot-1'), topic);
  expect(await listen(topics.telemetry('robot-1'))).toEqual([topics.telemetry('robot-1')]);
  expect(await listen(topics.toPeer('robot-1', PEER))).toEqual([]);
});

it('a message that is too long ends the connection of whoever says it', async () => {
  const robot = await connect('robot-1');
  const closed = new Promise<void>((resolve) => robot.once('close', () => resolve()));
  robot.on('error', () => {});
  robot.publish(topics.usage('robot-1'), 'x'.repeat(1_000_000), { qos: 1 });
  await closed;
});

it('agent.json of the documents is one that the agent takes', () => {
  const shipped = readFileSync(`${root}/scripts/deb/root/usr/lib/deskmate/agent.json`, 'utf8');
  const config = parseConfig(
    JSON.stringify({ ...JSON.parse(shipped), ...JSON.parse(block('agent.json')) }),
  );
  expect(config.ice.servers).toHaveLength(2);
});
