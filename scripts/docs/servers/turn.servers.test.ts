/** The simulator's relay and coturn do and refuse the same. */
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { SystemClock } from '../../../hal/linux/time/system-clock.ts';
import { delay } from '../../../hal/ports/clock.ts';
import { isRelaying } from '../../../sim/network/testing/turn-client.ts';
import { turnContract } from '../../../sim/network/turn.contract.ts';
import { freePort, openFolder, Server } from './testing/server.ts';

const credentials = { username: 'robot', credential: 'secret' };
/** RFC 8656 says 300; nobody here waits for that. coturn looks at its clock once a second. */
const PERMISSION_S = 3;

const folder = openFolder();
let server: Server;
let port: number;

beforeAll(async () => {
  port = await freePort();
  const file = (name: string): string => path.join(folder.path, name);
  const words = [
    ...['turnserver', '-n', '--no-cli', '--log-file=stdout', '--lt-cred-mech', '--realm=test'],
    ...[`--listening-port=${port}`, '--listening-ip=127.0.0.1', '--relay-ip=127.0.0.1'],
    ...[
      '--no-tls',
      '--no-dtls',
      '--allow-loopback-peers',
      '--no-multicast-peers',
      `--user=robot:secret`,
    ],
    ...[
      `--permission-lifetime=${PERMISSION_S}`,
      `--pidfile=${file('pid')}`,
      `--userdb=${file('db')}`,
    ],
  ];
  server = await Server.start(words, () => isRelaying(port, credentials));
}, 30_000);

afterAll(async () => {
  await server?.stop();
  folder.remove();
});

turnContract(() => ({
  ...{ port, credentials },
  outlivePermission: () => delay(new SystemClock(), (PERMISSION_S + 1.5) * 1_000),
}));
