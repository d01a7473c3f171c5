/**
 * STUN and TURN servers for both ends of a connection, from the robot's configuration. A pupil's
 * device gets them with the challenge (see Access.challenge), with expiring credentials of its own,
 * derived from a secret that never leaves the robot ("A REST API For Access To TURN Services",
 * draft-uberti-behave-turn-rest-00; coturn: `use-auth-secret`, `static-auth-secret`).
 */
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { type IceServer, type IceServers, urlsOf } from '../wire/signalling.ts';

/** A school day with margin. Running calls outlive it: relays check once per allocation. */
const DEFAULT_TTL_S = 8 * 3_600;
const MIN_TTL_S = 300;
const MAX_TTL_S = 7 * 24 * 3_600;

/** RFC 7064 and RFC 7065; only TURN has `transport`. */
const ICE_URL =
  /^(?:stuns?:(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?|turns?:(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:\?transport=(?:udp|tcp))?)$/i;

const EXAMPLES =
  'stun:HOST, turn:HOST:PORT, turn:HOST:PORT?transport=tcp or turns:HOST:443?transport=tcp';

const IceUrl = z.string().max(300).regex(ICE_URL, `expected an address such as ${EXAMPLES}`);

export const IceServerConfig = z
  .strictObject({
    urls: z.union([IceUrl, z.array(IceUrl).min(1, 'expected 1 to 8 addresses').max(8)], {
      error: `expected an address, or a list of 1 to 8, such as ${EXAMPLES}`,
    }),
    /** Fixed credentials; the pupil's device is given the same. */
    username: z.string().max(500).exactOptional(),
    credential: z.string().max(500).exactOptional(),
    /** The relay's shared secret, from which expiring credentials are derived. */
    secret: z.string().min(1).max(500).exactOptional(),
    /** Lifetime of those, seconds. */
    credentialTtlS: z.int().min(MIN_TTL_S).max(MAX_TTL_S).exactOptional(),
    /** Which end uses this server. */
    for: z.enum(['both', 'robot', 'pupils']).default('both'),
  })
  .superRefine((server, context) => {
    const turn = urlsOf(server).some((url) => /^turns?:/i.test(url));
    const fixed = server.username !== undefined && server.credential !== undefined;
    const half = (server.username === undefined) !== (server.credential === undefined);
    if (half) context.addIssue('expected username and credential together');
    else if (fixed && server.secret !== undefined)
      context.addIssue('expected either username and credential, or secret, not both');
    else if (turn && !fixed && server.secret === undefined)
      context.addIssue('expected username and credential, or secret: a relay asks for them');
  });
export type IceServerConfig = z.infer<typeof IceServerConfig>;

export const IceConfig = z.strictObject({
  servers: z.array(IceServerConfig).max(8),
  /** `relay`: the robot uses relay candidates only. */
  policy: z.enum(['all', 'relay']),
  /** PEM file of a school's own certificate authority, for `turns:` servers. */
  ca: z.string().min(1).max(4_096).exactOptional(),
});
export type IceConfig = z.infer<typeof IceConfig>;

type IceUse = Pick<IceConfig, 'servers' | 'policy'>;

interface IceBookParts {
  readonly ice: Pick<IceConfig, 'servers'> & Partial<IceUse>;
  readonly robot: string;
  /** Milliseconds since 1970. */
  readonly wall: () => number;
  readonly clockTrusted: () => boolean;
}

export class IceServerList {
  /** The latest time reported by a bound device, seconds since 1970. */
  private reportedS = 0;
  /** As configured unless others are set. */
  private ice: Pick<IceConfig, 'servers'> & Partial<IceUse>;

  constructor(private readonly parts: IceBookParts) {
    this.ice = parts.ice;
  }

  /** From now on these, for connections to come; undefined: as configured. */
  use(ice: IceUse | undefined): void {
    this.ice = ice ?? this.parts.ice;
  }

  get policy(): IceConfig['policy'] {
    return this.ice.policy ?? 'all';
  }

  forRobot(): IceServer[] {
    return this.serversFor('robot');
  }

  /**
   * Undefined when there are none. `saysS` is the time by the device's own clock: expiry is checked
   * by the relay's clock, so a robot whose time is unknown uses its pupil's. A bound device is
   * trusted to name the time, as it is admitted to class anyway.
   */
  forPupil(saysS: number): IceServers | undefined {
    this.reportedS = Math.max(this.reportedS, saysS);
    const iceServers = this.serversFor('pupils');
    return iceServers.length > 0 ? { iceServers } : undefined;
  }

  private serversFor(whom: 'robot' | 'pupils'): IceServer[] {
    return this.ice.servers
      .filter((server) => server.for === 'both' || server.for === whom)
      .map((server) => ({ urls: server.urls, ...this.credentials(server, whom) }));
  }

  private credentials(
    { username, credential, secret, credentialTtlS = DEFAULT_TTL_S }: IceServerConfig,
    whom: 'robot' | 'pupils',
  ): Pick<IceServer, 'username' | 'credential'> {
    if (secret !== undefined) {
      const suffix = whom === 'robot' ? '' : '-pupil';
      return restCredentials(secret, this.nowS() + credentialTtlS, `${this.parts.robot}${suffix}`);
    }
    return username === undefined || credential === undefined ? {} : { username, credential };
  }

  private nowS(): number {
    const wallS = Math.floor(this.parts.wall() / 1_000);
    return this.parts.clockTrusted() ? wallS : Math.max(wallS, this.reportedS);
  }
}

/** `expiresS`: seconds since 1970. `who` identifies no person, as the relay logs it. */
export function restCredentials(
  secret: string,
  expiresS: number,
  who: string,
): { username: string; credential: string } {
  const username = `${expiresS}:${who}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}
