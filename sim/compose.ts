/** The simulator's composition root: creates all parts and connects them. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { AdminClient } from '../agent/access/admin-client.ts';
import { SimBroker } from '../agent/host/broker.ts';
import { foldersOf, prepare } from '../agent/host/folders.ts';
import { openFront } from '../agent/host/front.ts';
import { InvitationDesk } from '../agent/host/invitations.ts';
import { LogCollector, type Warning } from '../agent/host/log-collector.ts';
import { listenSomewhere } from '../agent/host/ports.ts';
import { inOrder, openProcesses } from '../agent/host/processes.ts';
import type { Running } from '../agent/host/run.ts';
import { askPrivileges, type Privileges, rushSelf } from '../agent/host/spawn.ts';
import { stopInOrder } from '../agent/host/supervisor.ts';
import { SystemClock } from '../hal/linux/time/system-clock.ts';
import { PAGE_FRAME_BYTES } from './console/messages.ts';
import { PageSockets } from './console/page-sockets.ts';
import { writeConfigs } from './launcher/configs.ts';
import { Desk, ObservedWorld } from './launcher/desk.ts';
import type { Options } from './launcher/options.ts';
import { giveTimetable } from './launcher/timetable.ts';
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
  await giveTimetable(options.timetable, path.join(folders.data, 'agent'), clock);
  let stopping = false;
  const log = new LogCollector(clock, folders.log, (warning) => {
    // Warnings of processes about each other during shutdown are not shown.
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
  const front = await openFront({
    ...{ broker, host: options.host, address: options.address, port: options.port },
    pages: path.join(places.dist, 'pages'),
    api: {
      'GET /api/status': async () => ({ status: 200, body: desk.status() }),
      'GET /api/invitation': () => invitations.answer('current'),
      'POST /api/invitation': () => invitations.answer('new'),
    },
    sockets: {
      '/world': { maxBytes: PAGE_FRAME_BYTES, open: () => true, take: (page) => pages.take(page) },
    },
    certificate: path.join(folders.data, 'certificate.json'),
    nowMs: clock.wall(),
    command: 'make sim',
  });
  pupilPage = front.pupilPage;
  const brokerPort = await listenSomewhere(broker, options.mqttPort);
  const relayServers = await relay.open(front.address);
  const worldServer = await WorldServer.open(world, folders.worldSocket);
  world.start();
  const configs = await writeConfigs(
    options,
    { ...places, folders },
    {
      broker: broker.url(brokerPort),
      brokerForPupils: front.brokerForPupils,
      pupilPage,
      ice: { servers: relayServers, policy: 'relay' },
    },
  );
  const changed = (): void => pages.statusChanged();
  const processes = openProcesses(clock, { ...places, folders }, configs, privileges, log, changed);
  desk.run(processes, brokerPort, changed);

  return {
    url: front.url,
    logs: folders.log,
    notes: [...notesOn(privileges), ...(front.open ? NOTES_ON_OPEN : []), ...front.notes],
    ready: (ms) => desk.ready(ms),
    invitation: async () => (await invitations.current()).link,
    get stopping() {
      return stopping;
    },
    stop: async () => {
      stopping = true;
      await stopInOrder(inOrder(processes));
      pages.close();
      await Promise.all([front.close(), broker.close(), relay.close(), worldServer.close()]);
      world.stop();
      await Promise.all([log.close(), rm(folders.run, { recursive: true, force: true })]);
    },
  };
}

const NOTES_ON_OPEN = [
  'Pupils’ browsers warn once that nobody vouches for this computer: “Advanced”, then continue.',
  'The page above opens on this computer only; others reach the pupil’s page alone.',
];

function notesOn({ realTime }: Privileges): string[] {
  if (realTime) return [];
  return ['Body and world run at normal priority: real-time needs root or an rtprio limit (chrt).'];
}
