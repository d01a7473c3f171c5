import type { Access } from '../access/access.ts';
import { judges } from '../time/moment.ts';
import type { TimeOfDay } from '../time/time-service.ts';
import { encryptJwe } from '../wire/jwe.ts';
import {
  type Action,
  type ActionKind,
  MAX_CONSENT_S,
  type Order,
  type SignedOrder,
} from '../wire/order.ts';
import type { PublicJwk } from '../wire/signalling.ts';
import type { AuditLog } from './audit-log.ts';
import { type FleetRoot, fleetOf, type Membership } from './membership.ts';
import type { OrderState } from './order-state.ts';
import type { OrderPorts, Result } from './ports.ts';
import { recentText } from './redact.ts';
import { rotateKeys } from './rotate-keys.ts';
import { type WipeParts, wipe } from './wipe.ts';

export interface ExecutorParts extends Omit<WipeParts, 'access'> {
  readonly access: Access;
  readonly membership: Membership;
  readonly state: OrderState;
  readonly audit: AuditLog;
  readonly time: TimeOfDay;
  readonly ports: OrderPorts;
  /** A pupil is in class. */
  readonly inLesson: () => boolean;
  /** For invitations: the broker and the page as a pupil's device reaches them. */
  readonly broker: string;
  readonly page: string;
}

/** An accepted order. */
export interface Given {
  readonly order: Order;
  readonly signed: SignedOrder;
  readonly by: string;
  readonly role: string;
  /** It had begun before the power went. */
  readonly resumed: boolean;
}

type Of<K extends ActionKind> = Extract<Action, { kind: K }>;
export type Executors = {
  readonly [K in ActionKind]: (action: Of<K>, given: Given) => Promise<Result>;
};

/**
 * What becomes of an order that a power cut interrupted. Each one that is completed can be repeated
 * without harm; the others are reported as failed.
 */
export const AFTER_CUT: Readonly<Record<ActionKind, 'complete' | 'fail'>> = {
  join: 'complete',
  leave: 'complete',
  assign: 'complete',
  invite: 'complete',
  wipe: 'complete',
  rotateKeys: 'complete',
  configure: 'complete',
  // It has been restarted, by whatever means.
  restart: 'complete',
  identify: 'fail',
  logs: 'fail',
  allowLesson: 'complete',
  timetable: 'complete',
  consent: 'complete',
  revoke: 'complete',
};

/** They run beside the others, which must not wait for them. */
export const LONG: ReadonlySet<ActionKind> = new Set<ActionKind>(['logs']);

/** Who may restart the robot while a pupil is in class. */
const RESTARTS_IN_LESSON: readonly string[] = ['root', 'central'];
/** Log lines before encryption: the receipt's `sealed` has at most 40,000 characters. */
const MAX_LOG_BYTES = 28_000;

const done: Result = { ok: true };
const failed = (reason: string): Result => ({ ok: false, reason });
const NOT_SUPPORTED = failed('notSupported');

export function executorsFor(parts: ExecutorParts): Executors {
  const { access, membership, state, audit, ports, time } = parts;
  const nowS = (): number | undefined => {
    const { wallMs, trust } = time.now();
    return judges(trust) ? wallMs / 1_000 : undefined;
  };
  return {
    join: async ({ school, robotKey }, given) => {
      if (robotKey !== access.robotKey)
        return failed(`wrongKey: this robot's key is ${access.robotKey}`);
      const fleet: FleetRoot | undefined = membership.fleet ?? (await fleetOf(given.signed));
      if (!fleet) return failed('noFleet');
      await membership.join(fleet, school, given.signed);
      return { ok: true, facts: { school } };
    },
    leave: async (_action, given) => {
      await wipeAndProve(parts, given);
      return {
        ok: true,
        conclude: async () => {
          await state.consent(0);
          await membership.leave();
        },
      };
    },
    assign: async ({ days, replyKey }, given) => {
      await wipeAndProve(parts, given);
      return inviteFor(parts, days, replyKey);
    },
    invite: ({ days, replyKey }) => inviteFor(parts, days, replyKey),
    wipe: async (_action, given) => {
      await wipeAndProve(parts, given);
      return done;
    },
    rotateKeys: (_action, { order, by, role }) =>
      rotateKeys({ access, audit, membership }, { order: order.order, by, role }),
    configure: async ({ settings }) => ports.settings?.configure(settings) ?? NOT_SUPPORTED,
    restart: async ({ what }, { role, resumed }) => {
      if (resumed) return done;
      if (!ports.restart) return NOT_SUPPORTED;
      if (parts.inLesson() && !RESTARTS_IN_LESSON.includes(role)) return failed('inLesson');
      await ports.restart[what]();
      return { ok: true, facts: { what } };
    },
    identify: async ({ seconds }) => {
      if (!ports.identify) return NOT_SUPPORTED;
      ports.identify.start(seconds);
      return done;
    },
    logs: async ({ lines, level, replyKey }) => {
      if (!ports.recentLog) return NOT_SUPPORTED;
      const text = recentText(ports.recentLog.recent(lines, level), MAX_LOG_BYTES);
      return { ok: true, sealed: await encryptJwe(replyKey, text, 'json') };
    },
    allowLesson: async ({ from, until }, { order: { order: id, iat } }) => {
      if (until <= from) return failed('until: expected later than from');
      return ports.lessons?.allow({ id, from, until, saidMs: iat * 1_000 }) ?? NOT_SUPPORTED;
    },
    timetable: async ({ timetable }) => ports.lessons?.replace(timetable) ?? NOT_SUPPORTED,
    consent: async ({ until }) => {
      const now = nowS();
      if (until > 0 && now === undefined) return failed('clockUnknown');
      if (until > 0 && until > (now ?? 0) + MAX_CONSENT_S)
        return failed(`until: expected at most ${MAX_CONSENT_S / 3_600} hours from now`);
      await state.consent(until);
      return { ok: true, facts: { until } };
    },
    revoke: async ({ revoked }) => {
      if (revoked.includes(membership.fleet?.root ?? ''))
        return failed('revoked: the root of the fleet cannot be revoked; let the robot leave');
      if (!(await state.revoke(revoked))) return failed('full: no room for more revocations');
      return { ok: true, facts: { revoked } };
    },
  };
}

/** The proof stands in the audit log before the order's own entry. */
async function wipeAndProve(parts: ExecutorParts, { order, by, role }: Given): Promise<void> {
  const facts = { ...(await wipe(parts)) };
  await parts.audit.append({ what: 'wiped', outcome: 'done', by, role, order: order.order, facts });
}

/** The link is a secret: only whoever ordered it can read it. */
async function inviteFor(
  { access, broker, page }: ExecutorParts,
  days: number,
  replyKey: PublicJwk,
): Promise<Result> {
  const { id, link, invitation, clockKnown } = await access.invite({ days, broker, page });
  const { expires } = invitation;
  const answer = JSON.stringify({ id, link, expires, clockKnown });
  const sealed = await encryptJwe(replyKey, answer, 'json');
  return { ok: true, sealed, facts: { invitation: id, expires } };
}
