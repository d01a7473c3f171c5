import { createHash } from 'node:crypto';
import type { Storage } from '../../hal/ports/storage.ts';
import type { Access } from '../access/access.ts';
import { rowOf } from './wipe-table.ts';

export interface WipeParts {
  readonly storage: Storage;
  readonly access: Access;
  /** Ends the session, if there is one, and closes its usage record; on disk when it resolves. */
  readonly endSession: () => Promise<void>;
  readonly presets: { forget(): Promise<void> };
  /** Lessons of the pupil; rejects while the disk refuses. */
  readonly clearTimetable: () => Promise<void>;
}

/** In the audit entry `wiped`. */
export interface WipeProof {
  readonly devices: number;
  readonly invitations: number;
  /** Names of files that were removed; at most 64. */
  readonly removed: readonly string[];
  /** SHA-256, hex, of each digested file that is left; at most 64. */
  readonly left: Readonly<Record<string, string>>;
  /** SHA-256, hex, of the lines `<hash>  <name>` of `left`, sorted by name (as of `sha256sum`). */
  readonly digest: string;
  /** Files in no row of the table: not wiped. */
  readonly unknown: readonly string[];
}

const MAX_NAMES = 64;

/**
 * Removes every trace of the pupil (wipe-table.ts says which, and why not the others). The old
 * device is not admitted any more when this resolves; its page is told. Can be repeated after a
 * power cut: what is gone stays gone.
 */
export async function wipe(parts: WipeParts): Promise<WipeProof> {
  const { access, storage, endSession, presets, clearTimetable } = parts;
  const { registry } = access;
  const devices = registry.devices().length;
  const invitations = registry.invitations().filter(({ state }) => state !== 'used').length;
  await endSession();
  await registry.wipe();
  // An offer that came in between has begun and ended another one.
  await endSession();
  await presets.forget();
  await clearTimetable();
  const removed: string[] = [];
  for (const name of await storage.list())
    if (rowOf(name)?.fate === 'removed') {
      await storage.remove(name);
      removed.push(name);
    }
  return { devices, invitations, removed: removed.slice(0, MAX_NAMES), ...(await leftOn(storage)) };
}

async function leftOn(storage: Storage): Promise<Pick<WipeProof, 'left' | 'digest' | 'unknown'>> {
  const left: Record<string, string> = {};
  const unknown: string[] = [];
  for (const name of await storage.list()) {
    const row = rowOf(name);
    if (!row) unknown.push(name);
    else if (row.digested) left[name] = sha256((await storage.read(name)) ?? '');
  }
  const known = Object.fromEntries(Object.entries(left).slice(0, MAX_NAMES));
  return { left: known, digest: digestOf(known), unknown: unknown.slice(0, MAX_NAMES) };
}

/** As printed by `sha256sum` of these files, sorted by name. */
export function digestOf(left: Readonly<Record<string, string>>): string {
  const names = Object.keys(left).sort();
  return sha256(names.map((name) => `${left[name]}  ${name}\n`).join(''));
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
