import { join, resolve } from 'node:path';
import { configFrom as agentFrom } from '../../../agent/config.ts';
import { mediaConfigFrom } from '../../../agent/media/config.ts';
import { configFrom as firmwareFrom } from '../../../firmware/config.ts';
import type { FaultCode } from '../../../firmware/link/schema.ts';
import type { Board } from '../../../hal/boards/board.ts';
import { BoardError, boards, findBoard } from '../../../hal/boards/board-file.ts';
import { ConfigError } from '../../../hal/common/config-file.ts';
import {
  type ConfigPlace,
  dropInFolder,
  dropInsAmong,
  type Layer,
  type Layers,
  mergeLayers,
} from '../../../hal/common/config-layers.ts';
import type { Places } from '../command/places.ts';
import { type Finding, problem, type Read, type Subject } from './check.ts';
import type { HostProbe } from './host-probe.ts';

/** Collects what there is to examine. `board`: a name or a file, from the command line. */
export async function openSubject(
  machine: HostProbe,
  places: Places,
  board: string | undefined,
): Promise<Subject> {
  const [firmware, media, agent] = await Promise.all([
    readConfig(machine, places.firmware, firmwareFrom),
    readConfig(machine, places.media, (layers, note) => mediaConfigFrom(layers, note).config),
    readConfig(machine, places.agent, (layers, note) => agentFrom(layers, note).config),
  ]);
  const status = agent.kind === 'read' ? await machine.askAgent(agent.config.admin) : undefined;
  const active = (await stateOf(machine, SERVICES[0])) === 'active';
  const found = boardOf(board, firmware.kind === 'read' ? firmware.config.board : undefined);
  return {
    ...found,
    boardAsked: board !== undefined,
    firmware,
    media,
    agent,
    status,
    firmwareRuns: active || (status !== undefined && status.health.body !== null),
  };
}

async function readConfig<C>(
  machine: HostProbe,
  place: ConfigPlace,
  parse: (layers: Layers, note: (why: string, file: string) => void) => C,
): Promise<Read<C>> {
  const { config: file } = place;
  const layers = await layersOn(machine, place);
  if ('kind' in layers) return layers;
  try {
    const notes: { file: string; why: string }[] = [];
    const note = (why: string, where: string): number => notes.push({ file: where, why });
    return { kind: 'read', file, config: parse(mergeLayers(place, layers), note), notes };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { kind: 'wrong', file: error.file ?? file, why: `${error.message}.` };
  }
}

/** As readLayers in hal/common/config-layers.ts, but through the host probe. */
async function layersOn(
  machine: HostProbe,
  { config, defaults }: ConfigPlace,
): Promise<Layer[] | Extract<Read<never>, { kind: 'missing' | 'denied' }>> {
  const folder = dropInFolder(config);
  if ((await machine.may(folder, 'read')) === 'no') return { kind: 'denied', file: folder };
  const dropIns = dropInsAmong(await machine.list(folder)).map((name) => join(folder, name));
  const layers: Layer[] = [];
  for (const file of [...(defaults === undefined ? [] : [defaults]), config, ...dropIns]) {
    const read = await machine.read(file);
    if (read.ok) layers.push({ file, text: read.text });
    else if (read.code === 'EACCES') return { kind: 'denied', file };
    else if (file !== config) return { kind: 'missing', file };
  }
  return layers.length > 0 ? layers : { kind: 'missing', file: config };
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

/** A path relative to the working directory; anything else is an unknown board name. */
const fileOf = (typed: string): string => (/[/.]/.test(typed) ? resolve(typed) : typed);

export const SERVICES = ['deskmate-firmware', 'deskmate-media', 'deskmate-agent'] as const;

/** As reported by systemd; `not-installed` for an unknown unit; undefined without systemd. */
export async function stateOf(machine: HostProbe, service: string): Promise<string | undefined> {
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

/** Which check reports which fault of the running firmware. */
const TOLD_BY = {
  config: ['notCalibrated', 'miscalibrated'],
  i2c: [
    ...['i2cBus', 'panStall', 'tiltStall', 'panEncoder', 'tiltEncoder'],
    ...['servoDriver', 'lightDriver', 'eyes'],
  ],
  gpio: ['cameraRail', 'microphoneRail', 'amplifier', 'teacherButton'],
  watchdog: ['watchdog'],
  services: ['pauseMemory', 'batteryGauge', 'thermometer', 'loopLate'],
} as const satisfies Record<string, readonly FaultCode[]>;

export function bodyFaults({ status }: Subject, check: keyof typeof TOLD_BY): Finding[] {
  const told: readonly string[] = TOLD_BY[check];
  const known: readonly string[] = Object.values(TOLD_BY).flat();
  const faults = status?.health.body?.faults ?? [];
  return faults
    .filter((code) => told.includes(code) || (check === 'services' && !known.includes(code)))
    .map((fault) => problem('bodyFault', { fault }));
}
