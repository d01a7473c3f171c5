/** How the station is started: environment (from make) and flags, flags first. */
import path from 'node:path';
import { z } from 'zod';
import { logLevel, OptionError, portUpTo, readGiven, robotName } from '../../agent/host/given.ts';
import { givenAddress, isLoopback } from '../../agent/host/reach.ts';
import type { Board } from '../../hal/boards/board.ts';
import { BoardError, boards, findBoard } from '../../hal/boards/board-file.ts';

const Given = z.object({
  /** Port of the local page; the next port serves other computers, by HTTPS. 0: two free ports. */
  port: portUpTo(65_534).default(8300),
  mqttPort: portUpTo(65_534).default(18832),
  /** Address to listen on for pupils: loopback, one of this computer, or 0.0.0.0 for all. */
  host: z.string().min(1).default('127.0.0.1'),
  address: givenAddress,
  /** The station's data: keys, bound devices, usage. */
  state: z.string().min(1).default('.sim/station'),
  robot: robotName.default('station-1'),
  /** Name or file of the board; required, so that no camera is used without being named. */
  board: z.string('expected a board: make run BOARD=laptop').min(1),
  /** A module of drivers in place of the shipped one. */
  drivers: z.string().min(1).optional(),
  logLevel,
});

export interface StationOptions extends Omit<z.infer<typeof Given>, 'board'> {
  /** As in a configuration file. */
  readonly boardName: string;
  readonly board: Board;
  /** Pupils may come from other computers. */
  readonly open: boolean;
}

/** Throws OptionError, one line. Relative files are relative to `folder`. */
export function readStationOptions(
  argv: string[],
  env: NodeJS.ProcessEnv,
  folder: string,
): StationOptions {
  const { board, state, ...rest } = readGiven(Given, argv, env, ['drivers']);
  const boardName = boards.has(board) || !/[/.]/.test(board) ? board : path.resolve(folder, board);
  const open = !isLoopback(rest.host);
  return {
    ...rest,
    boardName,
    board: boardOf(boardName),
    open,
    state: path.resolve(folder, state),
  };
}

function boardOf(name: string): Board {
  try {
    return findBoard(name);
  } catch (error) {
    if (error instanceof BoardError) throw new OptionError(`BOARD: ${error.message}`);
    throw error;
  }
}
