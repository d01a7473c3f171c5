import { createHash } from 'node:crypto';
import { SerialQueue } from '../../hal/common/asynchrony.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { stampOf } from '../time/moment.ts';
import type { TimeOfDay } from '../time/time-service.ts';
import { type AuditEntry, signAuditEntry } from '../wire/audit.ts';
import { hashToken, type Signer } from '../wire/token.ts';
import { topics } from '../wire/topics.ts';
import { AUDIT_LIMITS, AuditFiles, type AuditHead, type AuditLimits } from './audit-files.ts';
import type { Membership } from './membership.ts';
import type { Facts, RecordSink } from './ports.ts';

export interface AuditParts {
  readonly robot: string;
  readonly storage: Storage;
  readonly log: Log;
  readonly time: TimeOfDay;
  readonly membership: Membership;
  /** The robot's key at present. */
  readonly signer: () => Signer;
  readonly records: RecordSink;
  readonly limits?: AuditLimits;
}

/** An entry without what the log adds itself. */
export interface Happening {
  /** An ActionKind, or an event. */
  readonly what: string;
  readonly by?: string;
  readonly role?: string;
  readonly order?: string;
  readonly outcome: AuditEntry['outcome'];
  readonly reason?: string;
  readonly facts?: Facts;
  readonly nextKey?: string;
}

/** Id of a record: the first 128 bits of the SHA-256 of its token, hex. */
export const recordIdOf = (token: string): string =>
  createHash('sha256').update(token).digest('hex').slice(0, 32);

/**
 * The robot's audit log: hash-chained, signed, on disk before anybody is answered, and a record to
 * the fleet. Exists only while the robot is joined to a fleet, as the proof of its key is the
 * `join` order. Format and verification: agent/wire/audit.ts.
 */
export class AuditLog {
  private readonly queue = new SerialQueue();
  private head: AuditHead | undefined;
  private last: AuditEntry | undefined;
  /** Undefined: to be read from disk, as at the start and after a write that failed. */
  private known = false;
  private readonly files: AuditFiles;

  constructor(private readonly parts: AuditParts) {
    this.files = new AuditFiles(parts.storage, parts.log, parts.limits ?? AUDIT_LIMITS);
  }

  /** Number and hash of the newest entry. */
  get end(): AuditHead | undefined {
    return this.head;
  }

  /**
   * On disk when this resolves. Undefined without a fleet. Rejects when the disk refuses: then
   * there is no entry.
   */
  append(happening: Happening): Promise<(AuditHead & { readonly token: string }) | undefined> {
    return this.queue.run(async () => {
      if (!this.parts.membership.joined) return undefined;
      await this.know();
      return this.write(happening);
    });
  }

  /** The entry of an order, if it is among those on disk. */
  entryOf(order: string, what: string): Promise<AuditHead | undefined> {
    return this.queue.run(async () => {
      await this.know();
      const line = this.files.entryOf(order, what);
      return line?.entry && { n: line.entry.n, hash: await hashToken(line.token) };
    });
  }

  /** The key named by a `keysRotated` entry at the end: whoever signs next. */
  pendingKey(): Promise<{ readonly key: string; readonly token: string } | undefined> {
    return this.queue.run(async () => {
      await this.know();
      const token = this.files.newest.lines.at(-1)?.token;
      const key = this.last?.nextKey;
      return key !== undefined && token !== undefined ? { key, token } : undefined;
    });
  }

  /** What the newest entry says. */
  async lastEntry(): Promise<AuditEntry | undefined> {
    return this.queue.run(async () => {
      await this.know();
      return this.last;
    });
  }

  /** All entries on disk, one a line. */
  text(): Promise<string> {
    return this.queue.run(async () => {
      await this.know();
      return this.files.tokens.map((token) => `${token}\n`).join('');
    });
  }

  private async know(): Promise<void> {
    if (this.known) return;
    const { head, last, torn, damaged } = await this.files.read();
    const first = this.files.newest.lines[0]?.entry;
    this.head = head;
    this.last = last;
    this.known = true;
    const { membership } = this.parts;
    const fleet = membership.fleet?.id;
    if (!fleet || !membership.joined) return;
    if (last && last.fleet !== fleet) return this.beginAnew();
    // The power may have gone between disk and record.
    const newest = this.files.newest.lines.at(-1)?.token;
    if (newest !== undefined) await this.hand(newest);
    // A file that does not verify by itself must not make its successors doubtful.
    const isDoubtful = damaged > 0 || (first !== undefined && !first.evidence);
    if (isDoubtful) await this.closeSegment();
    if (torn === 0 && damaged === 0) return;
    await this.write({ what: 'repaired', outcome: 'done', facts: { torn, damaged } });
  }

  private async beginAnew(): Promise<void> {
    await this.files.clear();
    this.head = undefined;
    this.last = undefined;
  }

  private async write(happening: Happening): Promise<AuditHead & { readonly token: string }> {
    if (this.last && this.last.fleet !== this.parts.membership.fleet?.id) await this.beginAnew();
    if (this.files.isFull) await this.closeSegment();
    const isFirst = this.files.newest.lines.length === 0;
    if (isFirst && this.head) await this.put({ what: 'checkpoint', outcome: 'done' }, true);
    return this.put(happening, isFirst && !this.head);
  }

  private async closeSegment(): Promise<void> {
    const { records } = this.parts;
    const lost = await this.files.close(
      ({ token }) => records.isStored?.(recordIdOf(token)) ?? false,
    );
    const facts = lost > 0 ? { facts: { dropped: lost } } : {};
    await this.put({ what: 'checkpoint', outcome: 'done', ...facts }, true);
  }

  private async put(
    happening: Happening,
    proven: boolean,
  ): Promise<AuditHead & { readonly token: string }> {
    const { signer, membership } = this.parts;
    const { evidence } = membership;
    const entry = { ...this.stamp(), ...happening, ...(proven && evidence && { evidence }) };
    const token = await signAuditEntry(signer(), entry);
    try {
      await this.files.append(token);
    } catch (error) {
      // It may be on disk or not.
      this.known = false;
      throw error;
    }
    this.head = { n: entry.n, hash: await hashToken(token) };
    this.last = entry;
    await this.hand(token);
    return { ...this.head, token };
  }

  private stamp(): Pick<AuditEntry, 'fleet' | 'log' | 'n' | 'prev' | 'at' | 'clock'> {
    const { robot, membership, time } = this.parts;
    const { fleet } = membership;
    if (!fleet) throw new Error('an audit log without a fleet');
    const now = time.now();
    return {
      ...{ fleet: fleet.id, log: robot, n: (this.head?.n ?? 0) + 1, prev: this.head?.hash ?? null },
      ...{ at: Math.max(0, now.wallMs), clock: stampOf(now) },
    };
  }

  /** A record that cannot be stored is handed over again after the next start. */
  private async hand(entry: string): Promise<void> {
    const { records, robot, log } = this.parts;
    const id = recordIdOf(entry);
    const record = { id, topic: topics.audit(robot), payload: { id, robot, entry } };
    await records
      .append(record)
      .catch((error: unknown) =>
        log.error({ error: String(error) }, 'audit entry not handed over'),
      );
  }
}
