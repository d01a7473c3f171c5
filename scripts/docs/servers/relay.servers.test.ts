/** The relay of docs/servers.md: coturn, with credentials as the agent makes them. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restCredentials } from '../../../agent/access/ice-servers.ts';
import { allocate, byTls, byUdp, isRelaying } from '../../../sim/network/testing/turn-client.ts';
import { block, fitted, freePort, makeCertificate, openFolder, Server } from './testing/server.ts';

const NAME = 'turn.example.org';
const SECRET = '0123456789abcdef'.repeat(4);
const folder = openFolder();
let server: Server;
let certificate: string;
let port: number;
let tlsPort: number;

const nowS = (): number => Math.floor(Date.now() / 1_000);
const credentials = restCredentials(SECRET, nowS() + 28_800, 'robot-1-pupil');

beforeAll(async () => {
  const made = await makeCertificate(folder.path, NAME);
  certificate = readFileSync(made.certificate, 'utf8');
  [port, tlsPort] = [await freePort(), await freePort()];
  const file = (name: string): string => path.join(folder.path, name);
  const text = fitted(block('/etc/turnserver.conf'), {
    'static-auth-secret=FILL-IN': `static-auth-secret=${SECRET}`,
    '/etc/turnserver/fullchain.pem': made.certificate,
    '/etc/turnserver/privkey.pem': made.key,
    'listening-port=3478': `listening-port=${port}`,
    'tls-listening-port=443': `tls-listening-port=${tlsPort}`,
    '\nsyslog\n': '\nlog-file=stdout\n',
  });
  const own = ['listening-ip=127.0.0.1', 'relay-ip=127.0.0.1', `pidfile=${file('pid')}`];
  writeFileSync(file('conf'), `${text}${own.join('\n')}\nuserdb=${file('db')}\n`);
  server = await Server.start(['turnserver', '-c', file('conf')], () =>
    isRelaying(port, credentials),
  );
}, 30_000);

afterAll(async () => {
  await server?.stop();
  folder.remove();
});

describe('who is relayed', () => {
  it('whoever has credentials of the robot’s secret, by UDP and by TLS', async () => {
    expect(await allocate(byUdp(port), credentials)).toEqual({ allocated: 'allocated' });
    const overTls = await allocate(byTls(tlsPort, certificate, NAME), credentials);
    expect(overTls).toEqual({ allocated: 'allocated' });
  });

  it.each([
    ['that have expired', restCredentials(SECRET, nowS() - 1, 'robot-1-pupil')],
    ['of another secret', restCredentials('guessed', nowS() + 600, 'robot-1-pupil')],
    ['whose time was changed', { ...credentials, username: `${nowS() + 99_999}:robot-1-pupil` }],
    ['that are none', { username: '', credential: '' }],
  ])('nobody with credentials %s', async (_what, bad) => {
    expect((await allocate(byUdp(port), bad)).allocated).toMatch(/^40[01]/);
  });
});

it.each(['10.1.2.3', '192.168.1.1', '172.20.0.1', '127.0.0.1', '169.254.169.254', '100.64.0.1'])(
  'does not lead to %s',
  async (peer) => {
    const { permitted } = await allocate(byUdp(port), credentials, peer);
    expect(permitted).toMatch(/^403/);
  },
);

it('one device that takes all it can get leaves room for the others', async () => {
  const greedy = restCredentials(SECRET, nowS() + 600, 'robot-2-pupil');
  const taken: (string | undefined)[] = [];
  // Anew each second, its name is another one; the device is the same.
  for (let n = 0; n < 60; n++) {
    const { allocated } = await allocate(byUdp(port), n % 2 ? greedy : sameDevice(n));
    taken.push(allocated);
  }
  expect(taken.filter((one) => one === 'allocated')).toHaveLength(48);
  expect(taken.at(-1)).toMatch(/^486/);
  const other = restCredentials(SECRET, nowS() + 600, 'robot-3-pupil');
  expect(await allocate(byUdp(port), other)).toEqual({ allocated: 'allocated' });
});

const sameDevice = (n: number) => restCredentials(SECRET, nowS() + 700 + n, 'robot-2-pupil');

it('leads out', async () => {
  expect(await allocate(byUdp(port), credentials, '198.51.100.7')).toEqual({
    ...{ allocated: 'allocated', permitted: 'permitted' },
  });
});

it.each([
  ['TLSv1.1', 'silence or an end'],
  ['TLSv1.2', 'spoken'],
] as const)('asked for %s there is %s', async (version, expected) => {
  const old = { minVersion: version, maxVersion: version, ciphers: 'ALL@SECLEVEL=0' } as const;
  const said = await new Promise((resolve) => {
    const end = (how: string): void => {
      socket.destroy();
      resolve(how);
    };
    const socket = connect(
      { port: tlsPort, host: '127.0.0.1', ca: certificate, servername: NAME, ...old },
      () => end('spoken'),
    );
    for (const event of ['error', 'timeout'] as const)
      socket.on(event, () => end('silence or an end'));
    socket.setTimeout(2_000);
  });
  expect(said).toBe(expected);
});

it('its service may open port 443', () => {
  expect(block('/etc/systemd/system/coturn.service.d/override.conf')).toMatch(
    /^\[Service\]\nAmbientCapabilities=CAP_NET_BIND_SERVICE$/m,
  );
});
