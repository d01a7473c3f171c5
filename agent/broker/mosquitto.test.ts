/** The most common broker, with TLS, passwords and two robots of one id. */

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Authority } from '../../hal/common/certificate.ts';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { delay } from '../../hal/ports/clock.ts';
import { silentLog } from '../../hal/ports/log.ts';
import type { Broker } from './broker.ts';
import { mqttBroker } from './mqtt-broker.ts';
import { robotClientId } from './mqtt-connection.ts';

const clock = new SystemClock();
const will = { topic: 'deskmate/1/r/$state', payload: '{"state":"lost"}' };
const installed = ['mosquitto', 'mosquitto_passwd'].every(
  (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0,
);
const brokers: Broker[] = [];

afterEach(async () => {
  await Promise.all(brokers.splice(0).map((broker) => broker.close()));
});

describe.skipIf(!installed)('on mosquitto (needs mosquitto)', () => {
  let folder: string;
  let server: ChildProcess;
  let ports: { tcp: number; ws: number; tls: number };
  let ca: string;
  const user = `robot:${encodeURIComponent('se:cr%t')}`;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'mosquitto-'));
    await certify(folder);
    ca = readFileSync(path.join(folder, 'ca.pem'), 'utf8');
    execFileSync('mosquitto_passwd', ['-c', '-b', path.join(folder, 'passwd'), 'robot', 'se:cr%t']);
    const [tcp = 0, ws = 0, tls = 0] = await freePorts(3);
    ports = { tcp, ws, tls };
    const config = path.join(folder, 'mosquitto.conf');
    writeFileSync(config, configOf(folder, ports));
    server = spawn('mosquitto', ['-c', config], { stdio: 'ignore' });
    const probe = robot(`mqtt://${user}@127.0.0.1:${tcp}`, {}, 'probe');
    await until(() => probe.connected);
  });

  afterAll(async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill();
    await ended;
    rmSync(folder, { recursive: true });
  });

  function robot(url: string, more: { ca?: string } = {}, id = 'r'): Broker {
    const parts = { clientId: robotClientId(id), clock, log: silentLog, random: () => 0 };
    const broker = mqttBroker({ url, ...parts, ...more })(will);
    brokers.push(broker);
    return broker;
  }

  it.each(['tcp', 'ws', 'tls'] as const)(
    'over %s: both ways, and long messages are not delivered',
    async (transport) => {
      const urls = {
        tcp: `mqtt://${user}@127.0.0.1:${ports.tcp}`,
        ws: `ws://${user}@127.0.0.1:${ports.ws}/mqtt`,
        tls: `mqtts://${user}@localhost:${ports.tls}`,
      };
      const one = robot(urls[transport], transport === 'tls' ? { ca } : {});
      const other = robot(urls.tcp, {}, 'other');
      const received: number[] = [];
      await one.subscribe('up/+', (_topic, payload) => received.push(payload.length));
      await until(() => one.connected && other.connected);
      await other.publish('up/1', 'x'.repeat(200_000));
      await other.publish('up/1', 'xyz');
      await until(() => received.length > 0);
      expect(received).toEqual([3]);
    },
  );

  it.each([
    [
      'a wrong password',
      (): string => `mqtt://robot:wrong@127.0.0.1:${ports.tcp}`,
      {},
      'credentials',
      /./,
    ],
    [
      'an unknown certificate authority',
      (): string => `mqtts://${user}@localhost:${ports.tls}`,
      {},
      'tls',
      /brokerCa/,
    ],
    [
      'another name',
      (): string => `mqtts://${user}@127.0.0.1:${ports.tls}`,
      { ca: true },
      'tls',
      /another name/,
    ],
    [
      'no TLS where it is required',
      (): string => `mqtt://${user}@127.0.0.1:${ports.tls}`,
      {},
      'silent',
      /mqtts:/,
    ],
    [
      'a web server instead of a broker',
      (): string => `ws://${user}@127.0.0.1:${ports.tcp}/mqtt`,
      {},
      undefined,
      /./,
    ],
    ['nobody', (): string => 'ws://127.0.0.1:9/mqtt', {}, 'unreachable', /nobody listens/],
  ] as const)('%s is said in words', async (_what, url, more, kind, why) => {
    const one = robot(url(), 'ca' in more ? { ca } : {});
    await until(() => one.trouble !== undefined);
    if (kind) expect(one.trouble?.kind).toBe(kind);
    expect(one.trouble?.why).toMatch(why);
    expect(one.connected).toBe(false);
  });

  it('two robots of one id: reported, and few connections', async () => {
    const url = `mqtt://${user}@127.0.0.1:${ports.tcp}`;
    const two = [robot(url), robot(url)];
    let ups = 0;
    for (const one of two)
      one.onConnected((connected) => {
        if (connected) ups += 1;
      });
    await until(() => two.some(({ trouble }) => trouble?.kind === 'session'));
    await delay(clock, 3_000);
    expect(ups).toBeLessThanOrEqual(10);
  }, 20_000);
});

async function until(done: () => boolean): Promise<void> {
  const end = clock.now() + 8_000;
  while (!done()) {
    if (clock.now() > end) throw new Error('not reached within 8 s');
    await delay(clock, 10);
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  const ports: number[] = [];
  for (const server of servers) {
    if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    ports.push(typeof address === 'object' && address ? address.port : 0);
    await new Promise((resolve) => server.close(resolve));
  }
  return ports;
}

function configOf(folder: string, { tcp, ws, tls }: Record<'tcp' | 'ws' | 'tls', number>): string {
  const user = process.getuid?.() === 0 ? 'user root\n' : '';
  return `${user}allow_anonymous false
password_file ${folder}/passwd
listener ${tcp} 127.0.0.1
listener ${ws} 127.0.0.1
protocol websockets
listener ${tls} 127.0.0.1
certfile ${folder}/server.pem
keyfile ${folder}/server.key
`;
}

/** A certificate authority, and a certificate of its for `localhost`. */
async function certify(folder: string): Promise<void> {
  const nowMs = clock.wall();
  const validity = { fromMs: nowMs - 3_600_000, toMs: nowMs + 86_400_000 };
  const authority = await Authority.make('school', validity);
  const { key, cert } = await authority.issue('localhost', ['localhost']);
  const files = { 'ca.pem': authority.cert, 'server.key': key, 'server.pem': cert };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
}
