/** The simulator's composition root: what there is and who knows whom. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { AdminClient } from '../agent/access/admin-client.ts';
import { MAX_SIGNAL_BYTES } from '../agent/wire/limits.ts';
import { SystemClock } from '../hal/linux/system-clock.ts';
import { PageSockets } from './console/server/page-sockets.ts';
import { PAGE_FRAME_BYTES, WebServer } from './console/server/web-server.ts';
import { SimBroker } from './launcher/broker.ts';
import { Desk } from './launcher/desk.ts';
import { foldersOf, prepare } from './launcher/folders.ts';
import { InvitationDesk } from './launcher/invitations.ts';
import { LogKeeper, type Warning } from './launcher/log-keeper.ts';
import { ObservedWorld } from './launcher/observed-world.ts';
import type { Options } from './launcher/options.ts';
import { listenOn, listenSomewhere } from './launcher/ports.ts';
import { openProcesses, writeConfigs } from './launcher/processes.ts';
import type { Running } from './launcher/run.ts';
import { askPrivileges, type Privileges, rushSelf } from './launcher/spawn.ts';
import { stopInOrder } from './launcher/supervisor.ts';
import { MediaRelay } from './network/relay.ts';
import { WorldServer } from './world/server.ts';

export interface RunningSim extends Running {
  /** What people should know of this run, a line each. */
  readonly notes: readonly string[];
}

export interface SimPlaces {
  readonly dist: string;
  readonly scripts: string;
  readonly version: string;
}

/** Rejects with OptionError when a port or the folder is taken. */
export async function openSim(
  options: Options,
  places: SimPlaces,
  onWarning: (warning: Warning) => void,
): Promise<RunningSim> {
  const clock = new SystemClock();
  const folders = foldersOf(options.state);
  await prepare(folders);
  let stopping = false;
  const log = new LogKeeper(clock, folders.log, (warning) => {
    // What processes say of each other while they are being stopped is no news.
    if (!stopping) onWarning(warning);
  });
  const privileges = askPrivileges();
  rushSelf(privileges);

  const world = new ObservedWorld({ clock, seed: Math.round(clock.wall()) });
  const broker = new SimBroker(options.robot);
  const relay = new MediaRelay(clock);
  const admin = new AdminClient(clock, folders.adminSocket);
  let pupilPage = '';
  const kept = path.join(folders.data, 'invitation.json');
  const invitations = new InvitationDesk(admin, kept, () => pupilPage);
  const { realTime } = privileges;
  const { version } = places;
  const { robot } = options;
  const desk = new Desk({ clock, world, broker, relay, log, robot, version, realTime });
  const pages = new PageSockets(clock, desk);
  const web = new WebServer({
    pages: path.join(places.dist, 'pages'),
    api: {
      'GET /api/status': async () => ({ status: 200, body: desk.status() }),
      'GET /api/invitation': () => invitations.answer('current'),
      'POST /api/invitation': () => invitations.answer('new'),
    },
    sockets: {
      '/world': { maxBytes: PAGE_FRAME_BYTES, open: () => true, take: (page) => pages.take(page) },
      '/mqtt': {
        protocol: 'mqtt',
        maxBytes: 2 * MAX_SIGNAL_BYTES,
        open: () => broker.up,
        take: (socket) => broker.takePage(socket),
      },
    },
  });

  const webPort = await listenOn(web, options);
  const brokerPort = await listenSomewhere(broker, options.mqttPort);
  const relayServer = await relay.open();
  const worldServer = await WorldServer.open(world, folders.worldSocket);
  world.start();
  const host = webHost(options.host);
  pupilPage = `http://${host}:${webPort}/pupil/`;
  const configs = await writeConfigs(
    options,
    { ...places, folders },
    {
      broker: broker.url(brokerPort),
      brokerForPupils: `ws://${host}:${webPort}/mqtt`,
      pupilPage,
      ice: { servers: [{ ...relayServer, for: 'robot' as const }], policy: 'relay' },
    },
  );
  const changed = (): void => pages.statusChanged();
  const processes = openProcesses(clock, { ...places, folders }, configs, privileges, log, changed);
  desk.run(processes, brokerPort, changed);

  return {
    url: `http://${host}:${webPort}/`,
    logs: folders.log,
    notes: notesOn(options, privileges),
    ready: (ms) => desk.ready(ms),
    invitation: async () => (await invitations.current()).link,
    get stopping() {
      return stopping;
    },
    stop: async () => {
      stopping = true;
      await stopInOrder([processes.agent, processes.firmware]);
      pages.close();
      await Promise.all([web.close(), broker.close(), relay.close(), worldServer.close()]);
      world.stop();
      await Promise.all([log.close(), rm(folders.run, { recursive: true, force: true })]);
    },
  };
}

/** What to write into an address: "all interfaces" is no place to go to. */
function webHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function notesOn({ host }: Options, { realTime }: Privileges): string[] {
  const notes = [];
  if (!realTime)
    notes.push(
      'Body and world run at normal priority: real-time needs root or an rtprio limit (chrt).',
    );
  if (host !== '127.0.0.1' && host !== 'localhost')
    notes.push('Browsers give microphone and keys to HTTPS only: other machines need a TLS proxy.');
  return notes;
}
