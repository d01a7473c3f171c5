/** The robot at school: the shipped processes on the simulated body, in the school's network. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { AdminClient } from '../../../agent/access/admin-client.ts';
import { type Folders, foldersOf, prepare, writeConfig } from '../../../agent/host/folders.ts';
import { LogCollector } from '../../../agent/host/log-collector.ts';
import {
  type Configs,
  inOrder,
  type Processes,
  type ProcessName,
} from '../../../agent/host/processes.ts';
import {
  askPrivileges,
  commandWords,
  mallocEnvironment,
  openChild,
  rushSelf,
} from '../../../agent/host/spawn.ts';
import { Supervisor, stopInOrder } from '../../../agent/host/supervisor.ts';
import { type Clock, delay } from '../../../hal/ports/clock.ts';
import { referenceCalibration } from '../../../sim/world/geometry.ts';
import { WorldServer } from '../../../sim/world/server.ts';
import { World } from '../../../sim/world/world.ts';
import type { Namespaces } from '../net/namespaces.ts';
import { BOUND } from '../net/program.ts';
import type { Certificates } from '../servers/authority.ts';
import { iceServers } from '../servers/coturn.ts';
import { brokerForPupils, brokerOf } from '../servers/mosquitto.ts';
import { PUPIL_PAGE } from '../servers/servers.ts';

export const ROBOT_NAME = 'field-1';
const READY_MS = 20_000;
const LOOK_MS = 50;
const BOARD = 'deskmate-1';

interface RobotPlaces {
  readonly dist: string;
  readonly scripts: string;
  /** Its data folder. */
  readonly state: string;
  readonly logs: string;
}

export class Robot {
  private readonly admin: AdminClient;

  private constructor(
    private readonly clock: Clock,
    folders: Folders,
    private readonly parts: { world: World; server: WorldServer; log: LogCollector },
    private readonly processes: Processes,
  ) {
    this.admin = new AdminClient(clock, folders.adminSocket);
  }

  static async start(
    clock: Clock,
    spaces: Namespaces,
    places: RobotPlaces,
    certificates: Certificates,
  ): Promise<Robot> {
    const folders = foldersOf(places.state);
    await prepare(folders, 'make field');
    const log = new LogCollector(clock, places.logs);
    const world = new World({ clock, seed: 1 });
    const server = await WorldServer.open(world, folders.worldSocket);
    world.start();
    const configs = await writeConfigs(places, folders, certificates);
    const env = { DESKMATE_WORLD: folders.worldSocket };
    const privileges = askPrivileges();
    rushSelf(privileges);
    const preload = pathToFileURL(path.join(places.scripts, 'exit-with-parent.mjs')).href;
    const supervise = (name: ProcessName): Supervisor => {
      const own = name !== 'firmware' ? { ...env, ...mallocEnvironment } : env;
      const line = {
        script: path.join(places.dist, `${name}.js`),
        args: ['--config', configs[name]],
        env: own,
        realTime: name === 'firmware',
      };
      const bare = commandWords(line, { ...privileges, bound: false }, preload);
      const words = [...BOUND, ...spaces.inside('robot', bare)];
      return new Supervisor(clock, name, () =>
        openChild(words, own, (said) => log.take(name, said)),
      );
    };
    const processes = {
      ...{ firmware: supervise('firmware'), media: supervise('media'), agent: supervise('agent') },
    };
    for (const process of inOrder(processes).reverse()) process.start();
    return new Robot(clock, folders, { world, server, log }, processes);
  }

  /** Resolves when it is ready for pupils. */
  async ready(ms = READY_MS): Promise<void> {
    const untilMs = this.clock.now() + ms;
    while (!(await this.reachesBroker())) {
      if (this.clock.now() > untilMs)
        throw new Error(`the robot did not reach its broker within ${ms} ms`);
      await delay(this.clock, LOOK_MS);
    }
  }

  async reachesBroker(): Promise<boolean> {
    return this.admin.status().then(
      ({ health }) => health.broker && health.body !== null,
      () => false,
    );
  }

  async invitation(): Promise<string> {
    return (await this.admin.invite(1)).link;
  }

  /** Number of unexpected ends of agent or media process. */
  get restarts(): number {
    const { agent, media } = this.processes;
    return agent.report.restarts + media.report.restarts;
  }

  /** Restarts agent and media process, so that a failed case does not affect the next. */
  async renew(): Promise<void> {
    const { agent, media } = this.processes;
    await stopInOrder([agent, media]);
    media.start();
    agent.start();
    await this.ready();
  }

  async stop(): Promise<void> {
    await stopInOrder(inOrder(this.processes));
    this.parts.world.stop();
    await Promise.all([this.parts.server.close(), this.parts.log.close()]);
  }
}

async function writeConfigs(
  { dist }: RobotPlaces,
  folders: Folders,
  { authority }: Certificates,
): Promise<Configs> {
  const common = { board: BOARD, drivers: path.join(dist, 'sim-drivers.js'), logLevel: 'info' };
  const link = folders.linkSocket;
  const [firmware, media, agent] = await Promise.all([
    writeConfig(folders, 'firmware', {
      ...{ ...common, link },
      calibration: await writeConfig(folders, 'calibration', referenceCalibration),
      state: path.join(folders.run, 'firmware'),
    }),
    writeConfig(folders, 'media', { ...common, socket: folders.mediaSocket }),
    writeConfig(folders, 'agent', {
      ...{ link, media: folders.mediaSocket, logLevel: 'info' },
      robot: ROBOT_NAME,
      broker: brokerOf(ROBOT_NAME),
      brokerCa: authority,
      brokerForPupils,
      page: PUPIL_PAGE,
      admin: folders.adminSocket,
      data: path.join(folders.data, 'agent'),
      ice: { servers: iceServers(), policy: 'all', ca: authority },
    }),
  ]);
  return { firmware, media, agent };
}
