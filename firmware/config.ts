import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { Board } from '../hal/boards/board.ts';
import { BoardError, findBoard } from '../hal/boards/board-file.ts';
import { ConfigError, readConfig } from '../hal/common/config-file.ts';

const path = z.string().min(1, 'expected a path');

const ConfigFile = z.strictObject({
  /** The name of a board that ships, or the path of a board file. */
  board: z.string().min(1, 'expected a board'),
  /** A DriverModule: JavaScript that exports openBody. */
  drivers: path,
  /** The Unix socket on which the agent connects. */
  link: path,
  calibration: path,
  /** A folder in memory (tmpfs): what outlives a crash of the process, not of the machine. */
  state: path.optional(),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

export interface Config {
  readonly board: Board;
  readonly drivers: string;
  readonly link: string;
  readonly calibration: string;
  readonly state: string | undefined;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** Misspelt, and passed over, it would cost the teacher's pause at the next crash. */
const FAIL_CLOSED = ['state'];

/**
 * Reads the text of a configuration file. Relative paths are relative to the file. `note` is told, in
 * a line each, of fields that this version does not know: a newer one may have written them.
 */
export function parseConfig(
  text: string,
  file: string,
  note: (line: string) => void = () => {},
): Config {
  const known = readConfig(ConfigFile, text, { file, failClosed: FAIL_CLOSED, note });
  const { board, drivers, link, calibration, state, logLevel } = known;
  const beside = (relative: string): string => resolve(dirname(file), relative);
  return {
    board: boardOf(board, file),
    drivers: beside(drivers),
    link: beside(link),
    calibration: beside(calibration),
    state: state === undefined ? undefined : beside(state),
    logLevel,
  };
}

function boardOf(name: string, file: string): Board {
  try {
    return findBoard(name);
  } catch (error) {
    if (error instanceof BoardError) throw new ConfigError('board', error.message, file);
    throw error;
  }
}
