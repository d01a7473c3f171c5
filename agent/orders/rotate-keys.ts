import type { Access } from '../access/access.ts';
import type { AuditLog } from './audit-log.ts';
import type { Membership } from './membership.ts';
import type { Result } from './ports.ts';

interface Rotation {
  readonly access: Access;
  readonly audit: AuditLog;
  readonly membership: Membership;
}

/** Maximum number of rotations that a `join` order proves; then the robot must be joined again. */
const MAX_ROTATIONS = 8;

/**
 * New keys for the robot, by steps that can be repeated: they are made, the audit log names them
 * (signed by the old key), the membership keeps that entry as proof, and they are put in use. All
 * bindings become void.
 */
export async function rotateKeys(
  { access, audit, membership }: Rotation,
  why: { readonly order: string; readonly by: string; readonly role: string },
): Promise<Result> {
  if ((membership.joined?.rotations.length ?? 0) >= MAX_ROTATIONS)
    return { ok: false, reason: 'rejoin: the join order proves no more rotations' };
  const entry = await named(audit, access, why);
  if (entry !== undefined) await membership.rotated(entry);
  await access.rotateKeys();
  return { ok: true, facts: { robotKey: access.robotKey } };
}

/** The entry `keysRotated`; undefined when the keys it names are in use already. */
async function named(
  audit: AuditLog,
  access: Access,
  why: { readonly order: string; readonly by: string; readonly role: string },
): Promise<string | undefined> {
  const pending = await audit.pendingKey();
  const isMine = (await audit.lastEntry())?.order === why.order;
  if (isMine && pending?.key === access.robotKey) return undefined;
  const nextKey = await access.prepareKeys();
  if (pending?.key === nextKey) return pending.token;
  const entry = await audit.append({ what: 'keysRotated', outcome: 'done', nextKey, ...why });
  return entry?.token;
}
