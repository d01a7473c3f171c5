/** Configurations of the simulated robot's processes. */
import path from 'node:path';
import { writeConfig } from '../../agent/host/folders.ts';
import type { Configs, Places } from '../../agent/host/processes.ts';
import type { IceServer } from '../network/relay.ts';
import { referenceCalibration } from '../world/geometry.ts';
import type { Options } from './options.ts';

/** What the agent has to know of the simulated network. */
interface Network {
  readonly broker: string;
  readonly brokerForPupils: string;
  readonly pupilPage: string;
  readonly ice: {
    readonly servers: readonly IceServer[];
    readonly policy: 'all' | 'relay';
  };
}

const board = 'deskmate-1';

export async function writeConfigs(
  options: Options,
  { dist, folders }: Places,
  network: Network,
): Promise<Configs> {
  const drivers = path.join(dist, 'sim-drivers.js');
  const { logLevel } = options;
  const [firmware, media, agent] = await Promise.all([
    writeConfig(folders, 'firmware', {
      board,
      drivers,
      link: folders.linkSocket,
      calibration: await writeConfig(folders, 'calibration', referenceCalibration),
      // A firmware that was killed remembers the teacher's pause; a new run begins without.
      state: path.join(folders.run, 'firmware'),
      logLevel,
    }),
    writeConfig(folders, 'media', { socket: folders.mediaSocket, drivers, board, logLevel }),
    writeConfig(folders, 'agent', {
      robot: options.robot,
      broker: network.broker,
      brokerForPupils: network.brokerForPupils,
      page: network.pupilPage,
      link: folders.linkSocket,
      admin: folders.adminSocket,
      data: path.join(folders.data, 'agent'),
      media: folders.mediaSocket,
      ice: network.ice,
      logLevel,
    }),
  ]);
  return { firmware, media, agent };
}
