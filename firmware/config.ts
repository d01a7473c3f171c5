import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { Board } from '../hal/boards/board.ts';
import { BoardError, findBoard } from '../hal/boards/board-file.ts';
import { ConfigError, type Note as LayerNote, readConfig } from '../hal/common/config-file.ts';
import {
  type ConfigPlace,
  type Layers,
  mergeLayers,
  readLayers,
} from '../hal/common/config-layers.ts';

const path = z.string().min(1, 'expected a path');

const ConfigFile = z.strictObject({
  /** The name of a board that ships, or the path of a board file. */
  board: z.string().min(1, 'expected a board'),
  /** A DriverModule: JavaScript that exports openBody. */
  drivers: path,
  /** The Unix socket on which the agent connects. */
  link: path,
  calibration: path,
  /** A folder in memory (tmpfs): survives a crash of the process, not a reboot. */
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

/** If it were misspelt and ignored, the teacher's pause would be lost at the next crash. */
const FAIL_CLOSED = ['state'];

/** Receives a line for each unknown field: a newer version may have written it. */
type Note = (line: string) => void;

/** Throws ConfigError. Relative paths are relative to the file that contains them. */
export function loadConfig(place: ConfigPlace, note: Note = () => {}): Config {
  return configFrom(readLayers(place), (line, file) => note(`${file}: ${line}`));
}

/** As `loadConfig`, from the text of one file. */
export function parseConfig(text: string, file: string, note: Note = () => {}): Config {
  return configFrom(mergeLayers({ config: file }, [{ file, text }]), note);
}

/** From layers already read. Throws ConfigError. */
export function configFrom(layers: Layers, note: LayerNote): Config {
  const known = readConfig(ConfigFile, layers, { failClosed: FAIL_CLOSED, note });
  const { board, state, logLevel, ...files } = known;
  const { fileOf } = layers;
  const beside = (field: string, file: string): string => resolve(dirname(fileOf(field)), file);
  return {
    board: boardOf(board, fileOf('board')),
    drivers: beside('drivers', files.drivers),
    link: beside('link', files.link),
    calibration: beside('calibration', files.calibration),
    state: state === undefined ? undefined : beside('state', state),
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
