/**
 * Orders to a robot: the only way to change one from outside. An order is a JWS by the one who
 * gives it, beside the chain of grants that lets him; the robot verifies both by itself, off-line.
 * Broker, fleet service and paper only carry it.
 *
 * Nobody can begin a session by an order: only a bound device can (access.md).
 */
import { z } from 'zod';
import {
  type Authority,
  covers,
  DocumentId,
  type FleetTrust,
  GrantChain,
  type GrantRefusal,
  NumericDate,
  type Role,
  verifyChain,
} from './grant.ts';
import { MAX_INVITATION_DAYS } from './invitation-days.ts';
import { LogLevel, SettingsValue } from './settings.ts';
import { PublicJwk, Thumbprint, Token, TYP } from './signalling.ts';
import { openToken, type Signer, signToken } from './token.ts';
import { PlaceId, RobotId } from './topics.ts';

/** Longest validity of an order: a code on paper may lie in a drawer for a while. Seconds. */
export const MAX_ORDER_S = 31 * 86_400;
/** How far ahead of a trusted clock an order may be dated: clocks of people's devices differ. */
const AHEAD_S = 86_400;
/** Maximum duration of a consent to support. Seconds. */
export const MAX_CONSENT_S = 72 * 3_600;

const invitationDays = z.number().positive().max(MAX_INVITATION_DAYS);
/** The answer is encrypted to this key (ECDH-ES): the broker carries it. */
const replyKey = PublicJwk;

/** What is ordered. Strict: a field that is not understood might restrict it. */
export const Action = z.discriminatedUnion('kind', [
  /** Which school the robot belongs to; `robotKey` is proof in the audit log whose key signs it. */
  z.strictObject({ kind: z.literal('join'), school: PlaceId, robotKey: Thumbprint }),
  /** Leaves the fleet: wiped, and without root and school. */
  z.strictObject({ kind: z.literal('leave') }),
  /** Hand-over: wipes, then invites the next pupil. The answer has the invitation. */
  z.strictObject({ kind: z.literal('assign'), days: invitationDays, replyKey }),
  /** Another invitation for the same pupil; open older ones are revoked. */
  z.strictObject({ kind: z.literal('invite'), days: invitationDays, replyKey }),
  /** Forgets the pupil: devices, invitations, presets and every other trace. */
  z.strictObject({ kind: z.literal('wipe') }),
  z.strictObject({ kind: z.literal('rotateKeys') }),
  /** One section of settings; settings.ts. */
  z.strictObject({ kind: z.literal('configure'), settings: SettingsValue }),
  z.strictObject({ kind: z.literal('restart'), what: z.enum(['agent', 'computer']) }),
  /** Lights and sound, so that somebody in the room finds it. */
  z.strictObject({ kind: z.literal('identify'), seconds: z.int().min(1).max(60) }),
  z.strictObject({
    kind: z.literal('logs'),
    lines: z.int().min(1).max(2_000),
    level: LogLevel,
    replyKey,
  }),
  /** A lesson that is not in the timetable. Milliseconds since 1970. */
  z.strictObject({
    kind: z.literal('allowLesson'),
    from: z.int().nonnegative(),
    until: z.int().nonnegative(),
  }),
  /** In the compact form of timetable.ts. */
  z.strictObject({ kind: z.literal('timetable'), timetable: z.string().max(24_000) }),
  /** The school lets support in, until then (seconds since 1970); 0 ends it. */
  z.strictObject({ kind: z.literal('consent'), until: NumericDate }),
  /** Grants by id and keys by thumbprint that are void from now on. */
  z.strictObject({
    kind: z.literal('revoke'),
    revoked: z
      .array(z.union([DocumentId, Thumbprint]))
      .min(1)
      .max(64),
  }),
]);
export type Action = z.infer<typeof Action>;
export type ActionKind = Action['kind'];

/**
 * Roles that may give an order, besides the root. Least authority: what a role does not need for
 * its work is not here. `support` acts only while the school consents.
 */
export const ORDERED_BY: Readonly<Record<ActionKind, readonly Role[]>> = {
  join: ['central'],
  leave: ['central'],
  assign: ['central', 'coordinator'],
  invite: ['central', 'coordinator'],
  wipe: ['central', 'coordinator'],
  rotateKeys: ['central', 'coordinator'],
  configure: ['central', 'coordinator', 'support'],
  restart: ['central', 'coordinator', 'support'],
  identify: ['central', 'coordinator', 'support', 'teacher'],
  logs: ['central', 'coordinator', 'support'],
  allowLesson: ['central', 'coordinator', 'teacher'],
  timetable: ['central', 'coordinator'],
  consent: ['coordinator'],
  revoke: ['central'],
};

const header = {
  fleet: PlaceId,
  robot: RobotId,
  order: DocumentId,
  /** Grows with each order that this key signs for this robot; usually milliseconds since 1970. */
  n: z.int().nonnegative(),
  iat: NumericDate,
  exp: NumericDate,
};

/** Of any version; what is ordered is parsed by `Action`. */
export const OrderPayload = z.strictObject({
  ...header,
  do: z.looseObject({ kind: z.string().max(40) }),
});
export type Order = Omit<z.infer<typeof OrderPayload>, 'do'> & { readonly do: Action };

/** As it travels: on the order topic, in an HTTP request, in codes. */
export const SignedOrder = z.strictObject({ order: Token, chain: GrantChain });
export type SignedOrder = z.infer<typeof SignedOrder>;

export type OrderRefusal =
  | GrantRefusal
  | 'wrongRobot'
  | 'outOfScope'
  | 'expired'
  /** Dated more than a day ahead of a trusted clock: one of the two clocks was changed. */
  | 'notYet'
  /** Its number is not above the last one of the same signer. */
  | 'replayed'
  /** Over the network, and nobody vouches for the time of day. */
  | 'clockUnknown'
  | 'noConsent'
  /** Of a newer version. */
  | 'unknownAction';

/** What a robot knows when it judges an order. */
export interface OrderTrust extends FleetTrust {
  readonly robot: string;
  readonly school: string | undefined;
  /** Seconds since 1970, if a trusted clock says so. */
  readonly nowS: number | undefined;
  /** Somebody stands at the robot and shows it: then its date need not be verified. */
  readonly shown: boolean;
  /** The highest number of this signer so far; -1 without any. */
  readonly lastN: (signer: string) => number;
  /** Until when the school lets support in, seconds since 1970. */
  readonly consentUntilS: number;
}

export type VerifiedOrder =
  | { ok: true; order: Order; by: Authority }
  | { ok: false; reason: OrderRefusal; orderId?: string };

export function signOrder(signer: Signer, order: Order): Promise<string> {
  return signToken(signer, TYP.order, { ...order, do: Action.parse(order.do) });
}

/** Whether the robot has to obey. Pure but for the mathematics; never throws. */
export async function verifyOrder(
  { order: token, chain }: SignedOrder,
  given: OrderTrust,
): Promise<VerifiedOrder> {
  const certainlyPastS = Math.max(given.certainlyPastS, given.nowS ?? 0);
  const trust = { ...given, certainlyPastS };
  const opened = await openToken(token, TYP.order, OrderPayload, (order) => early(order, trust));
  if (!opened.ok) return { ok: false, reason: opened.reason };
  const { payload, signer } = opened;
  const refuse = (reason: OrderRefusal): VerifiedOrder => ({
    ...{ ok: false, reason, orderId: payload.order },
  });
  const granted = await verifyChain(chain, trust);
  if (!granted.ok) return refuse(granted.reason);
  const { authority } = granted;
  if (signer !== authority.key) return refuse('notGranted');
  const action = Action.safeParse(payload.do);
  if (!action.success) return refuse(isKnown(payload.do.kind) ? 'malformed' : 'unknownAction');
  const order: Order = { ...payload, do: action.data };
  const reason = refusalOf(order, authority, trust) ?? timeRefusal(order, trust);
  return reason === undefined ? { ok: true, order, by: authority } : refuse(reason);
}

const isKnown = (kind: string): boolean => Object.hasOwn(ORDERED_BY, kind);

/** Before the costly signature: an order for others, or one that is over. */
function early(order: z.infer<typeof OrderPayload>, trust: OrderTrust): OrderRefusal | undefined {
  if (order.fleet !== trust.fleet) return 'wrongFleet';
  if (order.robot !== trust.robot) return 'wrongRobot';
  if (order.exp <= order.iat || order.exp - order.iat > MAX_ORDER_S) return 'malformed';
  return order.exp <= trust.certainlyPastS ? 'expired' : undefined;
}

function refusalOf(order: Order, by: Authority, trust: OrderTrust): OrderRefusal | undefined {
  const { kind } = order.do;
  if (by.role !== 'root' && !ORDERED_BY[kind].includes(by.role)) return 'roleForbids';
  if (!covers(by.scopes, trust.robot, trust.school)) return 'outOfScope';
  if (by.role === 'support' && !consents(trust)) return 'noConsent';
  return order.n <= trust.lastN(by.key) ? 'replayed' : undefined;
}

/** Without a trusted clock there is no consent, as it may be over. */
function consents({ nowS, consentUntilS }: OrderTrust): boolean {
  return nowS !== undefined && nowS < consentUntilS;
}

function timeRefusal(order: Order, { nowS, shown }: OrderTrust): OrderRefusal | undefined {
  if (nowS === undefined) return shown ? undefined : 'clockUnknown';
  if (order.exp <= nowS) return 'expired';
  return order.iat > nowS + AHEAD_S ? 'notYet' : undefined;
}

/** The robot's answer to an order: a JWS by the robot. */
export const Receipt = z.looseObject({
  robot: RobotId,
  order: DocumentId.nullable(),
  /** Milliseconds since 1970. */
  at: z.number().nonnegative(),
  outcome: z.enum(['done', 'refused', 'failed']),
  /** An OrderRefusal, or why it failed. */
  reason: z.string().max(300).exactOptional(),
  /** Number and hash of the entry in the robot's audit log. */
  audit: z.strictObject({ n: z.int().positive(), hash: Thumbprint }).exactOptional(),
  /** JWE to the order's `replyKey`: an invitation, or log lines. */
  sealed: z.string().max(40_000).exactOptional(),
});
export type Receipt = z.infer<typeof Receipt>;

/** Retained; a JWS by the robot: who it is, so that people can encrypt to it. */
export const Identity = z.looseObject({
  robot: RobotId,
  encryptionKey: PublicJwk,
  fleet: PlaceId.nullable(),
  school: PlaceId.nullable(),
  /** Until when support is let in, seconds since 1970; 0: not. */
  consentUntil: NumericDate,
  iat: z.int(),
});
export type Identity = z.infer<typeof Identity>;
