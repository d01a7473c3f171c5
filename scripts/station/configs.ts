/** Configurations of the station's processes, and the path of the teacher's button. */
import path from 'node:path';
import { type Folders, writeConfig } from '../../agent/host/folders.ts';
import type { Configs } from '../../agent/host/processes.ts';
import type { StationOptions } from './options.ts';

/** Paths and addresses for the processes. */
interface Network {
  readonly drivers: string;
  readonly broker: string;
  readonly brokerForPupils: string;
  readonly pupilPage: string;
  /** Where firmware listens for the teacher's button. */
  readonly button: string | undefined;
}

/** Socket in place of a teacher's button; undefined if the board has a button. */
export function buttonOf({ board }: StationOptions, { run }: Folders): string | undefined {
  if (board.gpio?.lines.teacherButton) return undefined;
  return board.teacherButtonSocket ?? path.join(run, 'teacher.sock');
}

/**
 * Firmware's board: the chosen one, with this run's socket for the teacher's button. Media gets the
 * board without it.
 */
async function firmwareBoard(
  { board, boardName }: StationOptions,
  folders: Folders,
  button: string | undefined,
): Promise<string> {
  if (button === undefined) return boardName;
  const own = { extends: 'laptop', ...board, teacherButtonSocket: button };
  return writeConfig(folders, 'firmware-board', own);
}

/** The configuration files of all processes. */
export async function writeConfigs(
  options: StationOptions,
  folders: Folders,
  { drivers, broker, brokerForPupils, pupilPage: page, button }: Network,
): Promise<Configs> {
  const { robot, boardName: board, logLevel } = options;
  const { linkSocket: link, adminSocket: admin, mediaSocket: media, data } = folders;
  const calibration = path.join(data, 'calibration.json');
  const [ofFirmware, ofMedia, ofAgent] = await Promise.all([
    writeConfig(folders, 'firmware', {
      board: await firmwareBoard(options, folders, button),
      ...{ drivers, link, calibration, logLevel },
      // A killed firmware keeps its pause on disk; a new run starts without it.
      state: path.join(folders.run, 'firmware'),
    }),
    writeConfig(folders, 'media', { socket: media, drivers, board, logLevel }),
    writeConfig(folders, 'agent', {
      ...{ robot, broker, brokerForPupils, page, link, admin, media, logLevel },
      data: path.join(data, 'agent'),
      ice: { servers: [], policy: 'all' },
    }),
  ]);
  return { firmware: ofFirmware, media: ofMedia, agent: ofAgent };
}
