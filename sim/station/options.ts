/** How the station is started: environment (from make) and flags, flags first. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Board } from '../../hal/boards/board.ts';
import { BoardError, findBoard } from '../../hal/boards/board-file.ts';
import { boards } from '../../hal/boards/boards.ts';
import { OptionError } from '../launcher/options.ts';

const port = z.coerce
  .number('expected a port number, 0 to 65534')
  .int()
  .min(0, 'expected a port number, 0 to 65534')
  .max(65_534, 'expected a port number, 0 to 65534');

const Given = z.object({
  /** The page of this computer; the next port is that of others, by HTTPS. 0: any free ports. */
  port: port.default(8300),
  mqttPort: port.default(18832),
  /** Where pupils connect: this computer only, an address of it, or 0.0.0.0 for all. */
  host: z.string().min(1).default('127.0.0.1'),
  /** What the station remembers: keys, bound devices, usage. */
  state: z.string().min(1).default('.sim/station'),
  robot: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, 'expected 1-32 of a-z, 0-9 and hyphen')
    .default('station-1'),
  board: z.string().min(1).default('laptop'),
  /** Another module of drivers than the one that ships. */
  drivers: z.string().min(1).optional(),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

export interface StationOptions extends Omit<z.infer<typeof Given>, 'board'> {
  /** As a configuration names it. */
  readonly boardName: string;
  readonly board: Board;
  /** Pupils may come from other computers. */
  readonly open: boolean;
}

const flags = {
  port: { type: 'string' },
  'mqtt-port': { type: 'string' },
  host: { type: 'string' },
  state: { type: 'string' },
  robot: { type: 'string' },
  board: { type: 'string' },
  drivers: { type: 'string' },
  'log-level': { type: 'string' },
} as const;

/** Throws OptionError, one line. Relative files are relative to `folder`. */
export function readStationOptions(
  argv: string[],
  env: NodeJS.ProcessEnv,
  folder: string,
): StationOptions {
  const given = readFlags(argv);
  const parsed = Given.safeParse({
    port: given.port ?? some(env.PORT),
    mqttPort: given['mqtt-port'] ?? some(env.MQTT_PORT),
    host: given.host ?? some(env.HOST),
    state: given.state ?? some(env.STATE),
    robot: given.robot ?? some(env.ROBOT),
    board: given.board ?? some(env.BOARD),
    drivers: given.drivers,
    logLevel: given['log-level'] ?? some(env.LOG_LEVEL),
  });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new OptionError(`option ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { board, state, ...rest } = parsed.data;
  const boardName = boards.has(board) || !/[/.]/.test(board) ? board : path.resolve(folder, board);
  const open = !/^(127\.|::1$|localhost$)/.test(rest.host);
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

function readFlags(argv: string[]) {
  try {
    return parseArgs({ args: argv, options: flags, strict: true }).values;
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error));
  }
}

/** make exports variables that nobody set as empty ones. */
const some = (value: string | undefined): string | undefined => (value === '' ? undefined : value);
