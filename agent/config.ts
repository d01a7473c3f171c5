import { z } from 'zod';
import { BoardError, findBoard } from '../hal/boards/board-file.ts';
import { JsonTextError, parseJsonText } from '../hal/boards/json-text.ts';
import { readKnown } from '../hal/boards/known-fields.ts';
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

/** A configuration that cannot be used. The message is one line: field, and what was expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(field: string, expected: string) {
    super(`${field}: ${expected.replace(/\s+/g, ' ').slice(0, 300)}`);
  }
}

/** The field of what is wrong with the file and not with a part of it. */
export const WHOLE = '(whole file)';

/** EX_CONFIG of sysexits.h: a supervisor must not restart on it. */
export const EXIT_CONFIG = 78;

/**
 * Misspelt, and passed over, these would open something: every authority of the system would vouch for
 * the broker or the relay, addresses would be told that only relays should know, pupils would be
 * given what is the robot's alone, or for longer.
 */
const FAIL_CLOSED = ['brokerCa', 'ice', 'ice.ca', 'ice.servers.for', 'ice.servers.credentialTtlS'];

/**
 * Throws ConfigError. `text` is undefined when the file could not be read. `note` is told, in a line
 * each, of fields that this version does not know: a newer one may have written them.
 */
export function parseConfig(
  text: string | undefined,
  note: (line: string) => void = () => {},
): Config {
  if (text === undefined) throw new ConfigError(WHOLE, 'expected a file that can be read');
  const known = readKnown(Config, parseJson(text), FAIL_CLOSED);
  if (!known.ok) throw new ConfigError(known.field || WHOLE, known.expected);
  for (const line of known.notes) note(line);
  return known.value;
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

function parseJson(text: string): unknown {
  try {
    return parseJsonText(text);
  } catch (error) {
    if (error instanceof JsonTextError) throw new ConfigError(error.field || WHOLE, error.message);
    throw error;
  }
}

function schemeOf(text: string): string {
  return URL.canParse(text) ? new URL(text).protocol.slice(0, -1) : '';
}
