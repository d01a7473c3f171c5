/** Robots with certificates, on real mosquitto and a cluster of three real nats-servers. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthorities, openAuthority } from '../../../agent/pki/authority.ts';
import { chainPem, issueClient, issueServer } from '../../../agent/pki/issue.ts';
import type { Holder } from '../../../agent/pki/names.ts';
import { createRequest, examineRequest } from '../../../agent/pki/request.ts';
import { createRevocationList } from '../../../agent/pki/revocation.ts';
import { makeKeyPair, privateKeyPem } from '../../../hal/common/certificate.ts';
import {
  mosquittoAcl,
  mosquittoListener,
  natsConfiguration,
} from '../../deskmate/fleet/broker-configuration.ts';
import { freePort, openFolder, Server } from './testing/server.ts';

const FLEET = 'norra';
const HEARD_MS = 300;
const folder = openFolder();
const file = (name: string): string => path.join(folder.path, name);
const put = (name: string, text: string): string => {
  writeFileSync(file(name), text);
  chmodSync(file(name), 0o644);
  return file(name);
};

interface Identity {
  readonly cert: string;
  readonly key: string;
  readonly serial: string;
}

const nowMs = Date.now();
const made = await createAuthorities(FLEET, nowMs);
const issuing = await openAuthority(made.issuing);
const foreign = await openAuthority((await createAuthorities(FLEET, nowMs)).issuing);
const [one, two, service, stranger] = [
  await identity(issuing, 'robot-1'),
  await identity(issuing, 'robot-2'),
  await identity(issuing, 'main', 'service'),
  await identity(foreign, 'robot-1'),
];
const server = await issueServer(
  issuing,
  [
    { type: 'dns', value: 'localhost' },
    { type: 'ip', value: '127.0.0.1' },
  ],
  nowMs,
);
const files = {
  ...{ cert: put('cert.pem', server.cert), key: put('key.pem', server.key) },
  ca: put('ca.pem', made.root.cert),
};

async function identity(
  authority: Authority,
  id: string,
  kind: Holder['kind'] = 'robot',
): Promise<Identity> {
  const keys = await makeKeyPair();
  const holder: Holder = { kind, id };
  const examined = await examineRequest(await createRequest(holder, keys), holder);
  if (!examined.ok) throw new Error(examined.reason);
  const client = { holder, fleet: FLEET, publicKey: examined.publicKey };
  const certificate = await issueClient(authority, client, nowMs);
  const cert = chainPem([certificate, authority.certificate]);
  const key = await privateKeyPem(keys.privateKey);
  return { cert, key, serial: certificate.serialNumber };
}

const connect = (port: number, who?: Identity, connectTimeout = 3_000): Promise<mqtt.MqttClient> =>
  mqtt.connectAsync(`mqtts://127.0.0.1:${port}`, {
    ...{ ca: made.root.cert, ...(who && { cert: who.cert, key: who.key }) },
    ...{ reconnectPeriod: 0, connectTimeout, protocolVersion: 4 },
  });

/** Whether `listener` hears what `speaker` says. */
async function hears(
  listener: mqtt.MqttClient,
  filter: string,
  speaker: mqtt.MqttClient,
  topic: string,
): Promise<boolean> {
  let heard = false;
  for (const client of [listener, speaker]) client.on('error', () => {});
  listener.on('message', () => {
    heard = true;
  });
  await listener.subscribeAsync(filter, { qos: 1 }).catch(() => undefined);
  speaker.publish(topic, 'x', { qos: 1 });
  await new Promise((resolve) => setTimeout(resolve, HEARD_MS));
  for (const client of [listener, speaker]) client.end(true);
  return heard;
}

const closed = (client: mqtt.MqttClient): Promise<void> =>
  new Promise((resolve) => {
    client.on('error', () => {});
    client.once('close', () => resolve());
  });

describe('mosquitto', () => {
  let broker: Server;
  let port: number;

  const start = async (revoked: readonly string[]): Promise<void> => {
    const entries = revoked.map((serial) => ({ serial, atMs: nowMs }));
    const list = put('crl.pem', await createRevocationList(issuing, entries));
    const listener = mosquittoListener({ listen: `${port} 127.0.0.1`, files, revoked: list });
    const acl = put('acl', mosquittoAcl(['main']));
    const conf = put('m.conf', `allow_anonymous false\nacl_file ${acl}\n${listener}`);
    broker = await Server.start(['mosquitto', '-v', '-c', conf], (said) => / running/.test(said));
  };
  beforeAll(async () => {
    port = await freePort();
    await start([]);
  });
  afterAll(() => broker?.stop());

  it.each(['order', 'records/ack', 'certificate/answer'])('a robot hears %s', async (name) => {
    const topic = `deskmate/1/robot-1/${name}`;
    expect(await hears(await connect(port, one), topic, await connect(port, service), topic)).toBe(
      true,
    );
  });

  it.each(['receipt', 'audit', 'certificate/request'])('a robot says %s', async (name) => {
    const topic = `deskmate/1/robot-1/${name}`;
    expect(await hears(await connect(port, service), topic, await connect(port, one), topic)).toBe(
      true,
    );
  });

  it.each(['#', '$SYS/#', 'deskmate/1/+/order', 'deskmate/1/robot-2/#'])(
    'a robot does not hear another’s by %s',
    async (filter) => {
      const said = 'deskmate/1/robot-2/usage';
      expect(await hears(await connect(port, one), filter, await connect(port, two), said)).toBe(
        false,
      );
    },
  );

  it('a robot does not speak for another', async () => {
    const topic = 'deskmate/1/robot-2/audit';
    const listener = await connect(port, service);
    expect(await hears(listener, 'deskmate/1/+/audit', await connect(port, one), topic)).toBe(
      false,
    );
  });

  it('nobody comes in without a certificate, or with one of another authority', async () => {
    await expect(connect(port)).rejects.toThrow();
    await expect(connect(port, stranger)).rejects.toThrow();
  });

  it('cuts off a revoked certificate when it is restarted, and no other', async () => {
    const cut = closed(await connect(port, one));
    await broker.stop();
    await start([one.serial]);
    await cut;
    await expect(connect(port, one)).rejects.toThrow();
    (await connect(port, two)).end(true);
  });
});

describe('a cluster of three nats-servers', () => {
  const nodes: { readonly server: Server; readonly port: number; readonly conf: string }[] = [];
  let configure: (robots: readonly string[]) => void;

  beforeAll(async () => {
    const ports: number[][] = [];
    for (let n = 0; n < 3; n++) ports.push([await freePort(), await freePort(), await freePort()]);
    const routes = ports.map(([, , cluster]) => `nats-route://127.0.0.1:${cluster}`);
    configure = (robots) => {
      for (const [n, [client, mqttPort, cluster]] of ports.entries()) {
        mkdirSync(file(`js${n}`), { recursive: true });
        const node = {
          ...{ name: `n${n}`, routes, files, store: file(`js${n}`) },
          ...{ client: `127.0.0.1:${client}`, mqtt: `127.0.0.1:${mqttPort}` },
          cluster: `127.0.0.1:${cluster}`,
        };
        put(`n${n}.conf`, natsConfiguration(node, FLEET, { robots, services: ['main'] }));
      }
    };
    configure(['robot-1', 'robot-2']);
    for (const [n, [, port = 0]] of ports.entries()) {
      const conf = file(`n${n}.conf`);
      const server = await Server.start(['nats-server', '-c', conf], (said) =>
        /is ready/.test(said),
      );
      nodes.push({ server, port, conf });
    }
    // Without a leader nobody is let in: JetStream keeps the sessions.
    const servers = nodes.map(({ server }) => server);
    await Server.oneSays(servers, /JetStream cluster new (metadata )?leader|new metadata leader/);
    await reached(0);
  }, 60_000);
  afterAll(() => Promise.all(nodes.map(({ server }) => server.stop())));

  const at = (n: number): number => nodes[n]?.port ?? 0;
  /** JetStream elects its leader first. */
  async function reached(n: number, tries = 30): Promise<void> {
    const client = await connect(at(n), one, 10_000).catch((error: Error) => error);
    if (!(client instanceof Error)) client.end(true);
    else if (tries === 0) throw client;
    else {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await reached(n, tries - 1);
    }
  }

  it.each(['order', 'certificate/answer'])('a robot hears %s of the fleet', async (name) => {
    const topic = `deskmate/1/robot-1/${name}`;
    const listener = await connect(at(0), one);
    expect(await hears(listener, topic, await connect(at(1), service), topic)).toBe(true);
  });

  it('the fleet hears a robot, by another node', async () => {
    const topic = 'deskmate/1/robot-1/audit';
    const listener = await connect(at(1), service);
    expect(await hears(listener, 'deskmate/1/+/audit', await connect(at(0), one), topic)).toBe(
      true,
    );
  });

  it('a robot does not speak for another', async () => {
    const topic = 'deskmate/1/robot-2/audit';
    const listener = await connect(at(1), service);
    expect(await hears(listener, 'deskmate/1/+/audit', await connect(at(0), one), topic)).toBe(
      false,
    );
  });

  it('a robot says its own, and it is acknowledged', async () => {
    const client = await connect(at(0), one);
    await client.publishAsync('deskmate/1/robot-1/audit', 'x', { qos: 1 });
    client.end(true);
  });

  it.each(['#', 'deskmate/1/+/usage', 'deskmate/1/robot-2/#'])(
    'a robot does not hear another’s by %s',
    async (filter) => {
      const said = 'deskmate/1/robot-2/usage';
      expect(await hears(await connect(at(0), one), filter, await connect(at(1), two), said)).toBe(
        false,
      );
    },
  );

  it('nobody comes in without a certificate, or with one of another authority', async () => {
    await expect(connect(at(0))).rejects.toThrow();
    await expect(connect(at(0), stranger)).rejects.toThrow();
  });

  it('cuts off a robot that is no longer in the configuration, at a reload', async () => {
    const cut = closed(await connect(at(0), two));
    configure(['robot-1']);
    for (const { server } of nodes) server.signal('SIGHUP');
    await cut;
    await expect(connect(at(0), two)).rejects.toThrow();
  });

  it('goes on with two of three', async () => {
    await nodes[2]?.server.stop();
    await reached(1);
    const client = await connect(at(1), one);
    await client.publishAsync('deskmate/1/robot-1/audit', 'x', { qos: 1 });
    client.end(true);
  });
});
