/** The station's composition root: the shipped processes on this computer's camera and sound. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { AdminClient } from '../../agent/access/admin-client.ts';
import { SimBroker } from '../../agent/host/broker.ts';
import { type Folders, foldersOf, prepare } from '../../agent/host/folders.ts';
import { openFront } from '../../agent/host/front.ts';
import { OptionError } from '../../agent/host/given.ts';
import { InvitationDesk } from '../../agent/host/invitations.ts';
import { LogCollector, type Warning } from '../../agent/host/log-collector.ts';
import { listenSomewhere } from '../../agent/host/ports.ts';
import { inOrder, openProcesses } from '../../agent/host/processes.ts';
import type { Running } from '../../agent/host/run.ts';
import { askPrivileges } from '../../agent/host/spawn.ts';
import { stopInOrder } from '../../agent/host/supervisor.ts';
import type { StationStatus } from '../../agent/pages/station/messages.ts';
import { pressSocketButton } from '../../hal/linux/lines/socket-button.ts';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import { LinuxHostProbe } from '../deskmate/doctor/linux-host-probe.ts';
import { buttonOf, writeConfigs } from './configs.ts';
import { StationDesk, stationApi } from './desk.ts';
import { DeviceWatch } from './devices.ts';
import type { StationOptions } from './options.ts';
import { PauseDesk } from './pause-desk.ts';

/** Its `url` is the page for the person beside the station; on this computer only. */
export interface RunningStation extends Running {
  /** Notes on its address, a line each. */
  readonly notes: readonly string[];
  status(): Promise<StationStatus>;
}

/** Rejects with OptionError when a port, the folder or the drivers are not available. */
export async function openStation(
  options: StationOptions,
  places: { readonly dist: string; readonly scripts: string },
  onWarning: (warning: Warning) => void,
): Promise<RunningStation> {
  const { robot, open, host } = options;
  const clock = new SystemClock();
  const drivers = driversOf(options, places.dist);
  const folders = foldersOf(options.state);
  await prepare(folders, COMMAND);
  let stopping = false;
  const log = new LogCollector(clock, folders.log, (warning) => {
    if (!stopping) onWarning(warning);
  });

  const broker = new SimBroker(robot);
  const admin = new AdminClient(clock, folders.adminSocket);
  let pupilPage = '';
  const kept = path.join(folders.data, 'invitation.json');
  const invitations = new InvitationDesk(admin, kept, () => pupilPage);
  const devices = new DeviceWatch(clock, new LinuxHostProbe(clock, process.env), options.board);
  const { name: board } = options.board;
  const button = buttonOf(options, folders);
  const pausable = button !== undefined;
  const desk = new StationDesk({ clock, broker, admin, devices, robot, board, open, pausable });
  const pause = button === undefined ? undefined : pauseDesk(clock, folders, button);
  const front = await openFront({
    ...{ broker, host, address: options.address, port: options.port, command: COMMAND },
    pages: path.join(places.dist, 'pages'),
    ...{ home: 'station', own: 'localhost' },
    api: stationApi({ desk, invitations, pause }),
    sockets: {},
    certificate: path.join(folders.data, 'certificate.json'),
    nowMs: clock.wall(),
  });
  pupilPage = front.pupilPage;
  const brokerPort = await listenSomewhere(broker, options.mqttPort);
  const configs = await writeConfigs(options, folders, {
    ...{ drivers, pupilPage, button },
    broker: broker.url(brokerPort),
    brokerForPupils: front.brokerForPupils,
  });
  const processes = openProcesses(
    clock,
    { ...places, folders },
    configs,
    askPrivileges(),
    log,
    () => {},
    {},
  );
  for (const process of inOrder(processes).reverse()) process.start();

  return {
    url: front.url,
    notes: front.notes,
    logs: folders.log,
    ready: (ms) => desk.ready(ms),
    invitation: async () => (await invitations.current()).link,
    status: () => desk.status(),
    get stopping() {
      return stopping;
    },
    stop: async () => {
      stopping = true;
      await stopInOrder(inOrder(processes));
      await Promise.all([front.close(), broker.close()]);
      await Promise.all([log.close(), rm(folders.run, { recursive: true, force: true })]);
    },
  };
}

const COMMAND = 'make run BOARD=laptop';

function driversOf({ drivers }: StationOptions, dist: string): string {
  const file = path.resolve(drivers ?? path.join(dist, 'linux-drivers.js'));
  if (existsSync(file)) return file;
  throw new OptionError(`The drivers ${file} are not there. Build them: make build`);
}

function pauseDesk(clock: Clock, { adminSocket }: Folders, button: string): PauseDesk {
  const admin = new AdminClient(clock, adminSocket, 0);
  return new PauseDesk({ clock, admin, press: () => pressSocketButton(button, clock) });
}
