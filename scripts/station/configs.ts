/** Configurations of the station's processes, and the path of the teacher's button. */
import path from 'node:path';
import { type Folders, writeConfig } from '../../agent/host/folders.ts';
import type { Configs } from '../../agent/host/processes.ts';
import type { StationOptions } from './options.ts';

/** Where the processes find what. */
interface Network {
  readonly drivers: string;
  readonly broker: string;
  readonly brokerForPupils: string;
  readonly pupilPage: string;
  /** Where firmware listens for the teacher's button. */
  readonly button: string | undefined;
}

/** A board without a teacher's button is pressed at a socket; undefined: it has one. */
export function buttonOf({ board }: StationOptions, { run }: Folders): string | undefined {
  if (board.gpio?.lines.teacherButton) return undefined;
  return board.teacherButtonSocket ?? path.join(run, 'teacher.sock');
}

/**
 * Firmware's own board: the one that was chosen, with this run's socket for the teacher's button.
 * Media is given the other: it has no business with the button.
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
      // A firmware that was killed remembers the pause; a new run begins without.
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
