/** Brokers that the rig starts and takes away: aedes in this process, or Mosquitto in its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { Aedes } from 'aedes';
import { openAuthority } from '../../agent/pki/authority.ts';
import { issueServer } from '../../agent/pki/issue.ts';
import { createRevocationList } from '../../agent/pki/revocation.ts';
import { type Clock, delay } from '../../hal/ports/clock.ts';
import type { FleetSecrets } from '../../sim/fleet/fleet-people.ts';
import { mosquittoAcl, mosquittoListener } from '../deskmate/fleet/broker-configuration.ts';

export interface RigBroker {
  /** As robots and service reach it. */
  readonly url: string;
  readonly pid?: number | undefined;
  /** Ends all connections, and is there again after `awayMs`. */
  restart(awayMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** No TLS, no passwords: for simulated robots on this computer only. `port` 0: any free one. */
export async function startAedes(clock: Clock, port = 0): Promise<RigBroker> {
  const aedes = await Aedes.createBroker({ queueLimit: 10_000 });
  aedes.on('clientError', () => {});
  aedes.on('connectionError', () => {});
  const sockets = new Set<Socket>();
  const listen = (at: number): Promise<Server> => {
    const server = createServer((socket) => {
      socket.setNoDelay();
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      aedes.handle(socket);
    });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(at, '127.0.0.1', () => resolve(server));
    });
  };
  const down = async (server: Server): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  let server = await listen(port);
  const at = (server.address() as AddressInfo).port;
  return {
    url: `mqtt://localhost:${at}`,
    restart: async (awayMs) => {
      await down(server);
      await delay(clock, awayMs);
      server = await listen(at);
    },
    stop: async () => {
      await down(server);
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
    },
  };
}

const SERVICE = 'fleet';
/** A storm of TLS handshakes is accepted late rather than refused. */
const UP_MS = 20_000;

/** Mosquitto with the fleet's own configuration: mutual TLS, and each robot in its own topics. */
export async function startMosquitto(
  folder: string,
  secrets: FleetSecrets,
  clock: Clock,
): Promise<RigBroker> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const file = (name: string): string => path.join(folder, name);
  const issuing = await openAuthority(secrets.issuingCa);
  const root = await openAuthority(secrets.rootCa);
  const server = await issueServer(issuing, [{ type: 'dns', value: 'localhost' }], clock.wall());
  const lists = [await createRevocationList(issuing, []), await createRevocationList(root, [])];
  const config = mosquittoListener({
    listen: `${port}`,
    files: { cert: file('broker.pem'), key: file('broker.key'), ca: file('ca.pem') },
    revoked: file('revoked.pem'),
  });
  writeFileSync(file('ca.pem'), secrets.rootCa.cert);
  writeFileSync(file('broker.pem'), server.cert);
  writeFileSync(file('broker.key'), server.key);
  writeFileSync(file('revoked.pem'), lists.join('\n'));
  // The bare clients of the benchmark have topics too: they only keep their connection.
  writeFileSync(file('acl'), mosquittoAcl([SERVICE]), { mode: 0o600 });
  const more = `user root\nacl_file ${file('acl')}\nmax_queued_messages 100000\nmax_inflight_messages 1000\n`;
  writeFileSync(file('mosquitto.conf'), `per_listener_settings false\n${more}${config}`);
  const start = async (): Promise<ChildProcess> => {
    const child = spawn('mosquitto', ['-c', file('mosquitto.conf')], {
      stdio: 'ignore',
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
    });
    for (let waitedMs = 0; waitedMs < UP_MS; waitedMs += 50) {
      if (child.exitCode !== null) break;
      if (await answers(port)) return child;
      await delay(clock, 50);
    }
    child.kill();
    throw new Error(`mosquitto does not start with ${file('mosquitto.conf')}`);
  };
  const end = async (child: ChildProcess): Promise<void> => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    await gone;
  };
  let child = await start();
  return {
    url: `mqtts://localhost:${port}`,
    get pid() {
      return child.pid;
    },
    restart: async (awayMs) => {
      await end(child);
      await delay(clock, awayMs);
      child = await start();
    },
    stop: () => end(child),
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
