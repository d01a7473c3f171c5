import { resolve } from 'node:path';
import { parseConfig as parseAgent } from '../../../agent/config.ts';
import { parseConfig as parseFirmware } from '../../../firmware/config.ts';
import type { Board } from '../../../hal/boards/board.ts';
import { BoardError, boards, findBoard } from '../../../hal/boards/board-file.ts';
import { ConfigError } from '../../../hal/common/config-file.ts';
import type { Places } from '../command/places.ts';
import type { Read, Subject } from './check.ts';
import type { Machine } from './machine.ts';

/** Finds out what there is to examine. `board`: a name or a file, as somebody typed it. */
export async function openSubject(
  machine: Machine,
  { firmwareConfig, agentConfig }: Places,
  board: string | undefined,
): Promise<Subject> {
  const [firmware, agent] = await Promise.all([
    readConfig(machine, firmwareConfig, (text, note) => parseFirmware(text, firmwareConfig, note)),
    readConfig(machine, agentConfig, parseAgent),
  ]);
  const status = agent.kind === 'read' ? await machine.askAgent(agent.config.admin) : undefined;
  const active = (await stateOf(machine, SERVICES[0])) === 'active';
  const found = boardOf(board, firmware.kind === 'read' ? firmware.config.board : undefined);
  return {
    ...found,
    boardAsked: board !== undefined,
    firmware,
    agent,
    status,
    firmwareRuns: active || (status !== undefined && status.health.body !== null),
  };
}

async function readConfig<C>(
  machine: Machine,
  file: string,
  parse: (text: string, note: (line: string) => void) => C,
): Promise<Read<C>> {
  const read = await machine.read(file);
  if (!read.ok) return { kind: read.code === 'EACCES' ? 'denied' : 'missing', file };
  try {
    const notes: string[] = [];
    const config = parse(read.text, (line) => notes.push(line));
    return { kind: 'read', file, config, notes };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const why = error.message.startsWith(file) ? error.message : `${file}: ${error.message}`;
    return { kind: 'wrong', file, why: `${why}.` };
  }
}

function boardOf(
  asked: string | undefined,
  configured: Board | undefined,
): Pick<Subject, 'board' | 'boardWhy'> {
  if (asked === undefined) return { board: configured, boardWhy: '' };
  try {
    return { board: findBoard(boards.has(asked) ? asked : fileOf(asked)), boardWhy: '' };
  } catch (error) {
    if (!(error instanceof BoardError)) throw error;
    return { board: undefined, boardWhy: error.message };
  }
}

/** A file as it was typed, from where it was typed; anything else is a name that does not exist. */
const fileOf = (typed: string): string => (/[/.]/.test(typed) ? resolve(typed) : typed);

export const SERVICES = ['deskmate-firmware', 'deskmate-agent'] as const;

/** As systemd says it; `not-installed` when it knows no such unit; undefined without systemd. */
export async function stateOf(machine: Machine, service: string): Promise<string | undefined> {
  const { code, out } = await machine.run(
    ...([
      'systemctl',
      'show',
      '-p',
      'LoadState,ActiveState',
      '--value',
      `${service}.service`,
    ] as const),
  );
  if (code !== 0) return undefined;
  const words = out.trim().split(/\s+/);
  return words.includes('not-found') ? 'not-installed' : words.find((word) => word !== 'loaded');
}
