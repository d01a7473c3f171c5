/** The agent's composition root: which driver stands behind each port. */
import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import type { Pipe } from '../firmware/link/pipe.ts';
import { connectPipe } from '../firmware/link/socket-pipe.ts';
import { within } from '../hal/common/asynchrony.ts';
import { ConfigError } from '../hal/common/config-file.ts';
import { readTextFile, TextFileError } from '../hal/common/text-file.ts';
import { LogSink, stdoutOutlet } from '../hal/linux/log/log-sink.ts';
import { openWifi } from '../hal/linux/network/open-wifi.ts';
import { FileStorage } from '../hal/linux/storage/file-storage.ts';
import { openSupervisor } from '../hal/linux/systemd/notify.ts';
import { SystemClock } from '../hal/linux/time/system-clock.ts';
import { systemTimeKeeper } from '../hal/linux/time/system-time-keeper.ts';
import type { Clock } from '../hal/ports/clock.ts';
import type { Log } from '../hal/ports/log.ts';
import { AdminListener } from './access/admin-socket.ts';
import { IceServerList } from './access/ice-servers.ts';
import { Agent } from './agent.ts';
import { readClientIdentity } from './broker/client-identity.ts';
import { mqttBroker } from './broker/mqtt-broker.ts';
import { robotClientId } from './broker/mqtt-connection.ts';
import type { Config } from './config.ts';
import { RemoteMedia } from './media-link/remote-media.ts';
import { MAX_MEDIA_LINE_BYTES, MAX_RELAY_CA_BYTES } from './media-link/schema.ts';
import type { RestartPort } from './orders/ports.ts';
import { RecentLog } from './process/recent-log.ts';
import { type Running, supervised } from './process/run-process.ts';
import { OwnAddresses } from './session/own-addresses.ts';
import { BUILT_MS } from './time/built.ts';
import { judges } from './time/moment.ts';
import { TimeService } from './time/time-service.ts';

/** Time limit for media to open the camera at start, before pupils can connect. */
const MEDIA_MS = 10_000;

export const openLogSink = (): RecentLog =>
  new RecentLog(new LogSink(stdoutOutlet(), new SystemClock()));

export async function openAgent(
  config: Config,
  version: string,
  log: Log,
  logging: { readonly sink: RecentLog; setLevel(level: string | undefined): void },
): Promise<Running> {
  const { robot, link, data, broker, ice, brokerForPupils, page } = config;
  const clock = new SystemClock();
  const storage = FileStorage.at(data);
  const ca = readCa('brokerCa', config.brokerCa);
  const identity = readClientIdentity(config);
  const keeper = systemTimeKeeper({ clock });
  const time = await TimeService.open({ clock, keeper, storage, log, builtMs: BUILT_MS });
  const wall = () => time.now().wallMs;
  const clockTrusted = () => judges(time.now().trust);
  const servers = new IceServerList({ ice, robot, wall, clockTrusted });
  const relayCa = readCa('ice.ca', ice.ca);
  if (relayCa !== undefined && Buffer.byteLength(relayCa) > MAX_RELAY_CA_BYTES)
    throw new ConfigError('ice.ca', `expected at most ${MAX_RELAY_CA_BYTES} bytes of certificates`);
  const media: RemoteMedia = new RemoteMedia({
    ...{ clock, log, relayCa },
    connect: (onFlood) => connectMedia(config.media, clock, onFlood),
    ice: () => ({ servers: servers.forRobot(), policy: servers.policy }),
    onRefused: (reason) => agent.refusals.count('media', reason),
  });
  const wifi = await openWifi({ clock });
  const agent: Agent = new Agent({
    ...{ robot, version, clock, log, storage },
    openBroker: mqttBroker({
      ...{ url: broker, clientId: robotClientId(robot), clock, log, random: Math.random },
      ...(ca !== undefined && { ca }),
      ...(identity && { identity: () => identity }),
      onDropped: (why) => agent.refusals.count('broker', why),
    }),
    ...{ media, openPeer: media.openPeer },
    iceFor: (saysS) => servers.forPupil(saysS),
    settingsPorts: { wifi, ice: servers, setLogLevel: logging.setLevel },
    connectBody: () => connectPipe(link),
    newId: () => randomBytes(16).toString('hex'),
    random: Math.random,
    time,
    orderPorts: { recentLog: logging.sink, restart: restartBySupervisor },
    ...(config.fleetKey !== undefined && { fleetKey: config.fleetKey }),
    ...(config.fleet && { fleet: config.fleet }),
    ...{ brokerForPupils, page },
  });
  media.start();
  await within(clock, MEDIA_MS, media.there(), () => undefined);
  await agent.start();
  const admin = await AdminListener.open({
    ...{ path: config.admin, broker: brokerForPupils, page },
    ...{ robot, clock, log, refusals: agent.refusals },
    access: () => agent.accessLoader.expect(),
    phase: () => agent.phase,
    health: () => agent.health,
  });
  const own = new OwnAddresses(clock, ownAddresses, () => agent.networkChanged());
  const supervisor = await openSupervisor({ logLine: (line) => log.warn({}, line) });
  return supervised(supervisor, clock, async () => {
    own.close();
    await Promise.all([admin.close(), agent.stop()]);
    await wifi.close();
  });
}

/** Treated as hostile: the media process parses data from pupils' networks. */
function connectMedia(path: string, clock: Clock, onFlood: () => void): Promise<Pipe> {
  return connectPipe(path, { maxLineBytes: MAX_MEDIA_LINE_BYTES, pace: { clock, onFlood } });
}

function readCa(field: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const pem = readPem(field, path);
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  throw new ConfigError(field, `expected a PEM file with certificates at ${path}`);
}

function readPem(field: string, path: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    if (!(error instanceof TextFileError)) throw error;
    throw new ConfigError(
      field,
      `expected a PEM file with certificates at ${path}: ${error.message}`,
    );
  }
}

/** Without link-local addresses: their changes do not matter. */
function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !/^(?:fe80:|169\.254\.)/i.test(address))
    .map(({ address }) => address);
}

/** The supervisor starts the agent anew after an orderly stop. */
const restartBySupervisor: RestartPort = {
  agent: async () => void process.kill(process.pid, 'SIGTERM'),
  computer: async () => {
    throw new Error('notSupported: this computer cannot be restarted from here; restart the agent');
  },
};
