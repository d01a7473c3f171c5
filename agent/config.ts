import { z } from 'zod';
import { BoardError, findBoard } from '../hal/boards/board-file.ts';
import { ConfigError, type Note, readConfig } from '../hal/common/config-file.ts';
import { type ConfigPlace, type Layers, readLayers } from '../hal/common/config-layers.ts';
import { JsonTextError, parseJsonText } from '../hal/common/json.ts';
import { IceConfig } from './access/ice-servers.ts';
import { RobotId } from './wire/topics.ts';

const file = z.string().min(1, 'expected a path').max(4_096);
const address = (kinds: string[]): z.ZodType<string> =>
  z.string().refine((text) => kinds.includes(schemeOf(text)), {
    message: `expected an address that starts with ${kinds.map((kind) => `${kind}:`).join(' or ')}`,
  });

/** The agent's configuration file, JSON. */
export const Config = z.strictObject({
  robot: RobotId,
  /** The broker as this robot reaches it. */
  broker: address(['mqtt', 'mqtts', 'ws', 'wss']),
  /** PEM file of certificates: the broker's is checked against these instead of the system's. */
  brokerCa: file.exactOptional(),
  /**
   * RFC 7638 thumbprint (SHA-256, base64url) of the fleet's signing key: the robot believes what it
   * says of the time where no time server can be reached. Nobody is asked without one.
   */
  fleetKey: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/, 'expected a SHA-256 thumbprint in base64url')
    .exactOptional(),
  /** The broker as a browser reaches it; goes into invitations. */
  brokerForPupils: address(['ws', 'wss']),
  /** The pupil's page; goes into invitations. */
  page: address(['http', 'https']),
  /** Firmware's socket. */
  link: file,
  /** The local socket for invitations and status. */
  admin: file,
  /** Folder of records and keys. */
  data: file,
  /** The module that opens camera, microphone and speaker. */
  drivers: file,
  /** The name of a board that ships, or the path of a board file. */
  board: file.superRefine((name, context) => {
    const why = whyNoBoard(name);
    if (why) context.addIssue(why);
  }),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']),
  /** STUN and TURN servers of both ends, for networks that let nothing else through. */
  ice: IceConfig.default({ servers: [], policy: 'all' }),
});
export type Config = z.infer<typeof Config>;

/**
 * Misspelt, and passed over, these would open something: every authority of the system would vouch for
 * the broker or the relay, addresses would be told that only relays should know, pupils would be
 * given what is the robot's alone, or for longer.
 */
const FAIL_CLOSED = ['brokerCa', 'ice', 'ice.ca', 'ice.servers.for', 'ice.servers.credentialTtlS'];

export interface LoadedConfig {
  readonly config: Config;
  /** For what turns out to be wrong later. */
  readonly fileOf: Layers['fileOf'];
}

/** Throws ConfigError, with the file. */
export function loadConfig(place: ConfigPlace, note: Note = () => {}): LoadedConfig {
  return configFrom(readLayers(place), note);
}

/** As `loadConfig`, of the text of one file; undefined when it could not be read. */
export function parseConfig(
  text: string | undefined,
  note: (line: string) => void = () => {},
): Config {
  if (text === undefined) throw new ConfigError('', 'expected a file that can be read');
  const value = jsonIn(text);
  return readConfig(Config, { value, fileOf: () => undefined }, { failClosed: FAIL_CLOSED, note });
}

/** Of layers that were read. Throws ConfigError, with the file. */
export function configFrom(layers: Layers, note: Note): LoadedConfig {
  const config = readConfig(Config, layers, { failClosed: FAIL_CLOSED, note });
  return { config, fileOf: layers.fileOf };
}

function whyNoBoard(name: string): string | undefined {
  try {
    findBoard(name);
    return undefined;
  } catch (error) {
    if (error instanceof BoardError) return error.message;
    throw error;
  }
}

function schemeOf(text: string): string {
  return URL.canParse(text) ? new URL(text).protocol.slice(0, -1) : '';
}

function jsonIn(text: string): unknown {
  try {
    return parseJsonText(text);
  } catch (error) {
    throw error instanceof JsonTextError ? new ConfigError(error.field, error.message) : error;
  }
}
