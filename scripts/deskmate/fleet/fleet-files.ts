/** Files of a fleet's folder, and those that people hand each other: their fields. */
import { z } from 'zod';
import { DocumentId, GrantChain, NumericDate, ROLES, Scope } from '../../../agent/wire/grant.ts';
import { SignedOrder } from '../../../agent/wire/order.ts';
import { PublicJwk, Thumbprint } from '../../../agent/wire/signalling.ts';
import { PlaceId, RobotId } from '../../../agent/wire/topics.ts';
import {
  enveloped,
  type Fields,
  openEnvelope,
  type Schema,
  sealEnvelope,
  type Written,
} from '../../../hal/common/envelope.ts';
import { messageOf } from '../../../hal/common/errors.ts';
import { firstIssue, JsonTextError, parseJsonText, WHOLE } from '../../../hal/common/json.ts';
import { FleetError } from './fleet-error.ts';

/** A kind of file: envelope and fields. Loose: what a newer version adds is kept. */
export interface FileKind<T extends Fields> {
  readonly schema: Schema;
  readonly fields: z.ZodType<T>;
}

const kind = <T extends Fields>(name: string, fields: z.ZodType<T>): FileKind<T> => ({
  schema: enveloped(name),
  fields,
});

/** A broker’s, as robots reach it. */
export const ServerAddress = z
  .string()
  .regex(/^(?:mqtts?|wss?):\/\/[^\s]+$/, 'expected an address as mqtts://broker.example.org:8883');

/** `fleet.json`: nothing secret. */
export const FleetFile = kind(
  'fleet',
  z.looseObject({
    fleet: PlaceId,
    /** RFC 7638 thumbprint of the root key. */
    root: Thumbprint,
    rootJwk: PublicJwk,
    schools: z.array(PlaceId).max(10_000),
    /** As robots reach it. */
    broker: ServerAddress.nullable(),
    /** Fleet services that may read and write at the broker. */
    services: z.array(RobotId).max(16),
  }),
);
export type FleetFile = z.infer<typeof FleetFile.fields>;

const Serial = z.string().regex(/^[0-9a-f]{2,40}$/i, 'expected a serial number, hexadecimal');
/** Milliseconds since 1970. */
const At = z.int().nonnegative();

export const RobotRow = z.looseObject({
  id: RobotId,
  school: PlaceId.nullable(),
  name: z.string().max(60).nullable(),
  /** Thumbprint of the robot's signing key; null until its request came. */
  robotKey: Thumbprint.nullable(),
  certificates: z.array(z.looseObject({ serial: Serial, issuedMs: At, revokedMs: At.nullable() })),
  revokedMs: At.nullable(),
});
export type RobotRow = z.infer<typeof RobotRow>;

/** `robots.json`. */
export const RobotsFile = kind(
  'fleet-robots',
  z.looseObject({ robots: z.array(RobotRow).max(20_000) }),
);

/** A line of `grants.jsonl`: what was granted from this folder, or revoked. */
export const GrantLine = z.looseObject({
  atMs: At,
  grant: DocumentId.exactOptional(),
  holder: Thumbprint.exactOptional(),
  role: z.enum(ROLES).exactOptional(),
  scope: Scope.exactOptional(),
  exp: NumericDate.exactOptional(),
  /** A grant by its id, or a key by its thumbprint. */
  revoked: z.union([DocumentId, Thumbprint]).exactOptional(),
});
export type GrantLine = z.infer<typeof GrantLine>;

/** From the one who grants to the holder, who keeps it beside the key. */
export const GrantFile = kind(
  'grants',
  z.looseObject({ fleet: PlaceId, root: Thumbprint, chain: GrantChain }),
);
export type GrantFile = z.infer<typeof GrantFile.fields>;

/** From the robot to staff. */
export const RequestFile = kind(
  'robot-request',
  z.looseObject({ robot: RobotId, robotKey: Thumbprint, request: z.string().max(4_096) }),
);

/** From staff to the robot. */
export const AnswerFile = kind(
  'robot-answer',
  z.looseObject({
    robot: RobotId,
    fleet: PlaceId,
    root: Thumbprint,
    /** PEM: the robot's certificate and its issuers. */
    certificate: z.string().max(16_384),
    /** PEM of the fleet's root authority. */
    ca: z.string().max(16_384),
    broker: ServerAddress.nullable(),
    /** The `join` order. */
    join: SignedOrder,
  }),
);
export type AnswerFile = z.infer<typeof AnswerFile.fields>;

export interface OpenedFile<T> {
  readonly value: T;
  readonly written: Written;
}

/** Throws FleetError that names the field and what was expected. */
export function readFields<T extends Fields>(
  { schema, fields }: FileKind<T>,
  text: string,
  where: string,
): OpenedFile<T> {
  const wrong = (why: string): FleetError => new FleetError('wrong', where, `${where}: ${why}`);
  try {
    const { written, fields: found } = openEnvelope(schema, parseJsonText(text));
    const parsed = fields.safeParse(found);
    if (!parsed.success) throw wrong(firstIssue(parsed.error));
    return { value: parsed.data, written };
  } catch (error) {
    if (error instanceof FleetError) throw error;
    if (error instanceof JsonTextError) throw wrong(`${error.field || WHOLE}: ${error.message}`);
    throw wrong(messageOf(error));
  }
}

export function writeFields<T extends Fields>(
  { schema, fields }: FileKind<T>,
  value: T,
  before?: Written,
): string {
  return `${JSON.stringify(sealEnvelope(schema, fields.parse(value), before), null, 2)}\n`;
}
