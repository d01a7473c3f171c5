/**
 * What the fleet service answers over HTTP (docs/openapi.json): the service makes it, the fleet
 * page and the command read it. Loose, so that each side may be newer. All times are milliseconds
 * since 1970 by the service's clock, unless said otherwise.
 */
import { z } from 'zod';
import { UsageRecord } from './fleet.ts';
import { DocumentId } from './grant.ts';
import { Thumbprint, Token } from './signalling.ts';
import { PlaceId, RobotId } from './topics.ts';

const Ms = z.number();

export const PROBLEM_KINDS = [
  'badRequest',
  'badToken',
  'badLogin',
  'forbidden',
  'notFound',
  'conflict',
  'tooLarge',
  'unprocessable',
  'tooMany',
  'internal',
  'unavailable',
] as const;
export type ProblemKind = (typeof PROBLEM_KINDS)[number];
/** The `type` of a problem: a URN, as there is no page about it. */
export const PROBLEM_PREFIX = 'urn:deskmate:problem:';

/** What is wrong with one field of a request, or one cell of a CSV file. */
export const FieldError = z.looseObject({
  /** Of a CSV file, counted from 1 with its header. */
  row: z.int().optional(),
  field: z.string(),
  message: z.string(),
});
export interface FieldError {
  readonly row?: number | undefined;
  readonly field: string;
  readonly message: string;
}

/** Problem details (RFC 9457). */
export const ProblemBody = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** One sentence for people: what is wrong here, what was expected. */
  detail: z.string().optional(),
  errors: z.array(FieldError).optional(),
});

/** Items and where the next page begins; null: this was the last one. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable() });

export const Challenge = z.object({ nonce: z.string(), expires: Ms });
/** `role` is one of `PersonRole`, or of a newer service. */
export const Session = z.object({ token: z.string(), expires: Ms, role: z.string() });
export type Session = z.infer<typeof Session>;

/**
 * A robot as the service tells of it: what orders need, beside the columns of its row. `robotKey`
 * is the thumbprint of its signing key; `identity` a token by that key (order.ts).
 */
export const ApiRobot = z.looseObject({
  id: RobotId,
  school: PlaceId.nullable(),
  name: z.string().nullish(),
  robotKey: Thumbprint.nullish(),
  identity: Token.nullish(),
});
export type ApiRobot = z.infer<typeof ApiRobot>;

/** A change of state, or the measurements of an hour. `said` is the robot's message. */
export const HistoryItem = z.object({
  ...{ kind: z.string(), what: z.string(), at: Ms, said: z.unknown() },
});
export type HistoryItem = z.infer<typeof HistoryItem>;

/**
 * An order and what became of it. `outcome` is null while nobody knows; `expired` when the robot did
 * not answer in time; else that of the receipt, which is the robot's token.
 */
export const OrderStatus = z.looseObject({
  robot: RobotId,
  id: DocumentId,
  kind: z.string(),
  signer: Thumbprint,
  role: z.string(),
  created: Ms,
  expires: Ms,
  /** When it was sent to the robot last. */
  sent: Ms.nullable(),
  outcome: z.string().nullable(),
  reason: z.string().nullable(),
  receipt: z.string().nullable(),
  answered: Ms.nullable(),
});
export type OrderStatus = z.infer<typeof OrderStatus>;

export const PostedOrder = z.object({ robot: RobotId, order: DocumentId });

export const ApiAlert = z.looseObject({
  robot: RobotId,
  kind: z.string(),
  since: Ms,
  cleared: Ms.nullable(),
  acknowledged: Ms.nullable(),
  /** Thumbprint of the person's key. */
  acknowledgedBy: Thumbprint.nullable(),
  note: z.string().nullable(),
  /** What is behind it. */
  facts: z.unknown(),
});
export type ApiAlert = z.infer<typeof ApiAlert>;

/** Names an alert; as long as it stays open it is raised once. */
export interface AlertKey {
  readonly robot: string;
  readonly kind: string;
  readonly since: number;
}

/** A timetable in force, in the compact form of timetable-code.ts. */
export const ApiPlan = z.looseObject({ robot: RobotId, timetable: z.string() });
export type ApiPlan = z.infer<typeof ApiPlan>;

export const ApiUsage = UsageRecord;

/** Degrees, WGS 84. */
export const SchoolPlace = z.strictObject({
  name: z.string().min(1).max(80),
  latitude: z.number().min(-90).max(90).nullable().default(null),
  longitude: z.number().min(-180).max(180).nullable().default(null),
});
export const ApiSchool = SchoolPlace.extend({ id: PlaceId });
export type ApiSchool = z.infer<typeof ApiSchool>;

/** Who has logged in. `at`: the last time. */
export const ApiPerson = z.looseObject({
  signer: Thumbprint,
  name: z.string().nullable(),
  role: z.string(),
  at: Ms,
});
export type ApiPerson = z.infer<typeof ApiPerson>;

export const Imported = z.object({ robots: z.int() });
