/** How the station is started: environment (from make) and flags, flags first. */
import path from 'node:path';
import { z } from 'zod';
import { logLevel, OptionError, portUpTo, readGiven, robotName } from '../../agent/host/given.ts';
import { givenAddress, isLoopback } from '../../agent/host/reach.ts';
import type { Board } from '../../hal/boards/board.ts';
import { BoardError, boards, findBoard } from '../../hal/boards/board-file.ts';

const Given = z.object({
  /** The page of this computer; the next port is that of others, by HTTPS. 0: two that are free. */
  port: portUpTo(65_534).default(8300),
  mqttPort: portUpTo(65_534).default(18832),
  /** Where pupils connect: this computer only, an address of it, or 0.0.0.0 for all. */
  host: z.string().min(1).default('127.0.0.1'),
  address: givenAddress,
  /** What the station remembers: keys, bound devices, usage. */
  state: z.string().min(1).default('.sim/station'),
  robot: robotName.default('station-1'),
  /** Name or file of the board; a camera must not be switched on without being named. */
  board: z.string('expected a board: make run BOARD=laptop').min(1),
  /** Another module of drivers than the one that ships. */
  drivers: z.string().min(1).optional(),
  logLevel,
});

export interface StationOptions extends Omit<z.infer<typeof Given>, 'board'> {
  /** As a configuration names it. */
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
