/**
 * The fleet's own audit log: who logged in, ordered, imported, acknowledged. One hash chain in the
 * store, whichever service appends; anyone with the fleet's root can verify it off-line.
 */
import { type AuditEntry, signAuditEntry } from '../../../agent/wire/audit.ts';
import { hashToken } from '../../../agent/wire/token.ts';
import { SerialQueue } from '../../../hal/common/asynchrony.ts';
import type { Clock } from '../../../hal/ports/clock.ts';
import type { ServiceIdentity } from '../ingest/acknowledger.ts';
import { StoreUnavailable } from '../store/sql.ts';
import type { FleetStore } from '../store/store.ts';

/** Other services append meanwhile; that often in a row is no coincidence. */
const ATTEMPTS = 50;
const PAGE = 500;

/** What happened; `by` and `role`: whose key, and what it may. */
export type FleetEvent = Pick<
  AuditEntry,
  'what' | 'by' | 'role' | 'order' | 'outcome' | 'reason' | 'facts'
>;

interface LogParts {
  readonly store: FleetStore;
  readonly identity: ServiceIdentity;
  readonly clock: Clock;
}

export class FleetLog {
  private readonly queue = new SerialQueue();

  constructor(private readonly parts: LogParts) {}

  /** On disk when it resolves. Rejects with StoreUnavailable. */
  note(event: FleetEvent): Promise<void> {
    return this.queue.run(() => this.append(event));
  }

  /** The tokens from number `from` on, a line each: for `deskmate audit verify`. */
  async *text(from = 1): AsyncGenerator<string> {
    for (let next = from; ; ) {
      const entries = await this.parts.store.log.read(next, PAGE);
      const last = entries.at(-1);
      if (!last) return;
      yield entries.map(({ token }) => `${token}\n`).join('');
      next = last.n + 1;
    }
  }

  private async append(event: FleetEvent): Promise<void> {
    const { store, identity, clock } = this.parts;
    const { fleet, signer, chain } = identity;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const head = await store.log.head();
      const at = clock.wall();
      const entry: AuditEntry = {
        ...{ fleet, log: '$fleet', n: (head?.n ?? 0) + 1, prev: head?.hash ?? null, at },
        ...event,
        ...(head === undefined && { evidence: { chain: [...chain] } }),
      };
      const token = await signAuditEntry(signer, entry);
      if (await store.log.append({ n: entry.n, hash: await hashToken(token), token, at })) return;
    }
    throw new StoreUnavailable('the audit log: others append all the time');
  }
}
