/** Orders that people post: refused here for what the robot would refuse, so that they hear it now. */
import { type SignedOrder, verifyOrder } from '../../../agent/wire/order.ts';
import type { FleetLog } from '../audit/fleet-log.ts';
import type { ServiceIdentity } from '../ingest/acknowledger.ts';
import type { Dispatch } from '../ingest/dispatch.ts';
import type { RobotKeys } from '../ingest/robot-keys.ts';
import type { FleetStore } from '../store/store.ts';
import { type Person, revocable } from './access.ts';
import { Problem } from './problem.ts';

export interface OrderParts {
  readonly store: FleetStore;
  readonly identity: ServiceIdentity;
  readonly keys: RobotKeys;
  readonly log: FleetLog;
  readonly dispatch: Pick<Dispatch, 'send'>;
  readonly wall: () => number;
}

/** Stores it and sends it. `robot`: to whom. Rejects with a Problem. */
export async function postOrder(
  parts: OrderParts,
  person: Person,
  { robot, signed }: { readonly robot: string; readonly signed: SignedOrder },
): Promise<{ robot: string; order: string }> {
  const { store, identity, log } = parts;
  const now = parts.wall();
  const known = await store.robots.get(robot);
  const revoked = await store.access.revoked([person.key, ...(await revocable(signed.chain))]);
  const verdict = await verifyOrder(signed, {
    ...{ fleet: identity.fleet, root: identity.root, certainlyPastS: 0, robot },
    ...{ school: known?.school ?? undefined, nowS: now / 1_000, shown: false },
    isRevoked: (id) => revoked.has(id),
    // The robot counts, and knows whether its school consents.
    ...{ lastN: () => -1, consentUntilS: Number.POSITIVE_INFINITY },
  });
  if (!verdict.ok) throw new Problem('unprocessable', `the order is refused: ${verdict.reason}`);
  const { order, by } = verdict;
  if (by.key !== person.key) throw new Problem('forbidden', 'somebody else signed the order');
  const action = order.do;
  if (!known && action.kind !== 'join') throw new Problem('notFound');
  const stored = {
    ...{ robot, id: order.order, kind: action.kind, signer: by.key, role: by.role },
    ...{ expires: order.exp * 1_000, created: now, body: JSON.stringify(signed) },
  };
  if (!(await store.orders.add(stored)))
    throw new Problem('conflict', 'that order is here already');
  await log.note({
    ...{ what: action.kind, by: by.key, role: by.role, order: order.order },
    ...{ outcome: 'done', facts: { robot } },
  });
  if (action.kind === 'join') {
    const { school, robotKey } = action;
    await store.robots.put([{ id: robot, school, name: null, robotKey }], now);
    parts.keys.forget();
  }
  if (action.kind === 'revoke') await store.access.revoke(action.revoked, now);
  const unanswered = { sent: null, outcome: null, reason: null, receipt: null, answered: null };
  await parts.dispatch.send({ ...stored, ...unanswered });
  return { robot, order: order.order };
}
