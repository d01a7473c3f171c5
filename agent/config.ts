import { z } from 'zod';
import { ConfigError, type Note, readConfig } from '../hal/common/config-file.ts';
import { type ConfigPlace, type Layers, readLayers } from '../hal/common/config-layers.ts';
import { JsonTextError, parseJsonText } from '../hal/common/json.ts';
import { IceConfig } from './access/ice-servers.ts';
import { file, type LoadedConfig, loaded, logLevel } from './process/config.ts';
import { PlaceId, RobotId } from './wire/topics.ts';

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
   * PEM files of the robot's client certificate, its issuers behind it, and of its key: for a
   * broker that requires one (mutual TLS). Both or neither; loading them checks that.
   */
  brokerCert: file.exactOptional(),
  brokerKey: file.exactOptional(),
  /**
   * RFC 7638 thumbprint (SHA-256, base64url) of the fleet's signing key. Time marks signed with it
   * are trusted where no time server can be reached. Without it none are requested.
   */
  fleetKey: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/, 'expected a SHA-256 thumbprint in base64url')
    .exactOptional(),
  /**
   * The fleet whose orders this robot obeys: its id, and the RFC 7638 thumbprint of its root key.
   * Without it the robot obeys nobody, until somebody shows it a `join` order.
   */
  fleet: z
    .strictObject({
      id: PlaceId,
      root: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'expected a SHA-256 thumbprint in base64url'),
    })
    .exactOptional(),
  /** The broker as a browser reaches it; goes into invitations. */
  brokerForPupils: address(['ws', 'wss']),
  /** The pupil's page; goes into invitations. */
  page: address(['http', 'https']),
  /** Firmware's socket. */
  link: file,
  /** Unix socket for invitations and status. */
  admin: file,
  /** Folder of records and keys. */
  data: file,
  /** Unix socket of the media process. */
  media: file.default('/run/deskmate-media/media.sock'),
  logLevel,
  /** STUN and TURN servers for both ends, for networks that block direct connections. */
  ice: IceConfig.default({ servers: [], policy: 'all' }),
});
export type Config = z.infer<typeof Config>;

/**
 * A misspelt key here must not be ignored, as that would weaken security: the broker or relay would
 * be verified by all system authorities, host addresses would be exposed instead of relays only,
 * pupils would receive servers or credential lifetimes meant for the robot alone, a robot would obey
 * whoever shows it an order first.
 */
const FAIL_CLOSED = [
  ...['fleet', 'brokerCa', 'brokerCert', 'brokerKey'],
  ...['ice', 'ice.ca', 'ice.servers.for', 'ice.servers.credentialTtlS'],
];

/** Throws ConfigError, with the file. */
export function loadConfig(place: ConfigPlace, note: Note = () => {}): LoadedConfig<Config> {
  return configFrom(readLayers(place), note);
}

/** Like `loadConfig`, from the text of one file; undefined when it could not be read. */
export function parseConfig(
  text: string | undefined,
  note: (line: string) => void = () => {},
): Config {
  if (text === undefined) throw new ConfigError('', 'expected a file that can be read');
  const value = jsonIn(text);
  return readConfig(Config, { value, fileOf: () => undefined }, { failClosed: FAIL_CLOSED, note });
}

/** From layers already read. Throws ConfigError, with the file. */
export function configFrom(layers: Layers, note: Note): LoadedConfig<Config> {
  return loaded(Config, layers, { failClosed: FAIL_CLOSED, note });
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
