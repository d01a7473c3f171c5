/** The agent's composition root: which driver stands behind each port. */
import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { pathToFileURL } from 'node:url';
import { connectPipe } from '../firmware/link/socket-pipe.ts';
import { findBoard } from '../hal/boards/board-file.ts';
import { within } from '../hal/common/asynchrony.ts';
import { ConfigError } from '../hal/common/config-file.ts';
import { readTextFile, TextFileError } from '../hal/common/text-file.ts';
import { LogSink, stdoutOutlet } from '../hal/linux/log/log-sink.ts';
import { FileStorage } from '../hal/linux/storage/file-storage.ts';
import { openSupervisor } from '../hal/linux/systemd/notify.ts';
import { SystemClock } from '../hal/linux/time/system-clock.ts';
import { systemTimeKeeper } from '../hal/linux/time/system-time-keeper.ts';
import type { Clock, Timer } from '../hal/ports/clock.ts';
import type { DriverModule } from '../hal/ports/drivers.ts';
import type { Log } from '../hal/ports/log.ts';
import type { Supervisor } from '../hal/ports/supervisor.ts';
import { AdminDoor } from './access/admin-socket.ts';
import { IceBook, urlsOf } from './access/ice-servers.ts';
import { Agent } from './agent.ts';
import { mqttBroker } from './broker/mqtt-broker.ts';
import { robotClientId } from './broker/mqtt-connection.ts';
import type { Config } from './config.ts';
import { RelayTunnels } from './media/relay-tunnels.ts';
import { wrtcPeers } from './media/wrtc-peer.ts';
import { OwnAddresses } from './session/own-addresses.ts';
import { BUILT_MS } from './time/built.ts';
import { judges } from './time/moment.ts';
import { TimeService } from './time/time-service.ts';

/** An orderly stop is over by then, or it never will be. */
const STOP_MS = 1_900;

export interface Running {
  /** In order; `late` when something did not end in time. */
  stop(): Promise<'stopped' | 'late'>;
}

export type { LogSink };

export const openLogSink = (): LogSink => new LogSink(stdoutOutlet(), new SystemClock());

export async function openAgent(config: Config, version: string, log: Log): Promise<Running> {
  const { robot, link, data, broker, ice, brokerForPupils, page } = config;
  const clock = new SystemClock();
  const board = findBoard(config.board);
  const drivers = await loadDrivers(config.drivers);
  const storage = FileStorage.at(data);
  const ca = readCa('brokerCa', config.brokerCa);
  const media = await drivers.openMedia({ clock, board, say: (line) => log.info({}, line) });
  const keeper = systemTimeKeeper({ clock });
  const time = await TimeService.open({ clock, keeper, storage, log, builtMs: BUILT_MS });
  const wall = () => time.now().wallMs;
  const clockTrusted = () => judges(time.now().trust);
  const servers = new IceBook({ ice, robot, wall, clockTrusted });
  const relayCa = readCa('ice.ca', ice.ca);
  const tunnels = await RelayTunnels.open({
    ...{ urls: ice.servers.flatMap(urlsOf), ca: relayCa },
    ...{ clock, log },
  });
  const agent: Agent = new Agent({
    ...{ robot, version, clock, log, storage, media },
    openBroker: mqttBroker({
      ...{ url: broker, clientId: robotClientId(robot), clock, log, random: Math.random },
      ...(ca !== undefined && { ca }),
      onDropped: (why) => agent.refusals.count('broker', why),
    }),
    openPeer: wrtcPeers({
      ...{ policy: ice.policy, clock, log },
      servers: () => tunnels.through(servers.forRobot()),
    }),
    iceFor: (saysS) => servers.forPupil(saysS),
    connectBody: () => connectPipe(link),
    newId: () => randomBytes(16).toString('hex'),
    time,
    ...(config.fleetKey !== undefined && { fleetKey: config.fleetKey }),
  });
  await agent.start();
  const admin = await AdminDoor.open({
    ...{ path: config.admin, broker: brokerForPupils, page },
    ...{ robot, clock, log, refusals: agent.refusals },
    access: () => agent.entrance.expect(),
    phase: () => agent.phase,
    health: () => agent.health,
  });
  const own = new OwnAddresses(clock, ownAddresses, () => agent.networkChanged());
  const supervisor = await openSupervisor({ say: (line) => log.warn({}, line) });
  const watch = beWatched(supervisor, clock);
  const stop = async (): Promise<'stopped'> => {
    supervisor.stopping();
    watch?.cancel();
    own.close();
    await Promise.all([admin.close(), agent.stop()]);
    tunnels.close();
    return 'stopped';
  };
  return { stop: () => within(clock, STOP_MS, stop(), () => 'late' as const) };
}

/** An event loop that no longer turns is ended and started anew: nobody waits before a still picture. */
function beWatched(supervisor: Supervisor, clock: Clock): Timer | undefined {
  supervisor.ready();
  const { watchdogMs } = supervisor;
  if (watchdogMs === undefined) return undefined;
  return clock.every(watchdogMs / 3, () => supervisor.alive());
}

async function loadDrivers(path: string): Promise<Pick<DriverModule, 'openMedia'>> {
  const module: Partial<DriverModule> = await import(pathToFileURL(path).href).catch((error) => {
    throw new ConfigError('drivers', `expected a module at ${path}: ${String(error)}`);
  });
  const { openMedia } = module;
  if (typeof openMedia !== 'function')
    throw new ConfigError('drivers', `expected ${path} to export openMedia`);
  return { openMedia };
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

/** Link-local ones come and go with no consequence. */
function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !/^(?:fe80:|169\.254\.)/i.test(address))
    .map(({ address }) => address);
}
