/**
 * The ingest: a bounded queue of messages, and one writer that takes what has gathered into one
 * transaction, then acknowledges. While the store is slow the queue fills, `take` waits, and with it
 * the broker; what a crash loses of the queue was not acknowledged, and the robots send it again.
 */
import { messageOf } from '../../../hal/common/errors.ts';
import type { Clock } from '../../../hal/ports/clock.ts';
import { delay } from '../../../hal/ports/clock.ts';
import type { Log } from '../../../hal/ports/log.ts';
import type { Answer } from '../store/intake-table.ts';
import { StoreUnavailable } from '../store/sql.ts';
import type { FleetStore } from '../store/store.ts';
import { type BatchRefusal, type Entry, entryOf, intakeOf, type Queued } from './batch.ts';
import { type Channel, parseMessage, type Refusal } from './messages.ts';
import type { RobotKeys } from './robot-keys.ts';

/** Messages that wait at most; a telemetry is about 500 bytes. */
const MOST_WAITING = 2_000;
/** And bytes of them. */
const MOST_BYTES = 32 * 1024 * 1024;
const BATCH = 500;
/** Waits for more before it writes: one sync of the disk is as dear for one as for hundreds. */
const GATHER_MS = 50;
const RETRY_MS = 1_000;

/** What others do with it. */
export interface IngestListeners {
  /** Stored: new ones and such as came again. */
  readonly onStored: (records: readonly { readonly robot: string; readonly id: string }[]) => void;
  /** Verified answers, before their records are acknowledged; may come again. */
  readonly onAnswers: (answers: readonly Answer[]) => Promise<void>;
  /** What a robot says now is in the store. */
  readonly onChange: (change: {
    readonly robot: string;
    readonly kinds: readonly Channel[];
  }) => void;
  /** These robots say that they are there. */
  readonly onAwake: (robots: readonly string[]) => void;
  readonly count: IngestCounters;
}

export interface IngestCounters {
  stored(kind: Channel): void;
  duplicate(kind: Channel): void;
  refused(reason: Refusal | BatchRefusal | 'unstorable'): void;
  storeError(): void;
}

interface IngestParts {
  readonly store: FleetStore;
  readonly keys: RobotKeys;
  readonly clock: Clock;
  readonly log: Log;
  readonly listeners: IngestListeners;
}

export class Ingest {
  private readonly queue: Queued[] = [];
  private bytes = 0;
  private readonly waiters: (() => void)[] = [];
  private writing: Promise<void> | undefined;
  private stopped = false;

  constructor(private readonly parts: IngestParts) {}

  get waiting(): number {
    return this.queue.length;
  }

  /** Resolves when there is room for the next one. Never rejects. */
  async take(topic: string, payload: Uint8Array): Promise<void> {
    const parsed = parseMessage(topic, payload);
    if (!parsed.ok) {
      this.refuse(parsed.reason, { topic: topic.slice(0, 100), why: parsed.why });
      return;
    }
    this.queue.push({ ...parsed.received, at: this.parts.clock.wall() });
    this.bytes += parsed.received.text.length;
    this.writing ??= this.write().finally(() => {
      this.writing = undefined;
    });
    if (this.full) await new Promise<void>((resolve) => this.waiters.push(resolve));
  }

  /** Writes what waits, and takes nothing more. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const go of this.waiters.splice(0)) go();
    await this.writing;
  }

  private get full(): boolean {
    return !this.stopped && (this.queue.length >= MOST_WAITING || this.bytes >= MOST_BYTES);
  }

  private async write(): Promise<void> {
    while (this.queue.length > 0) {
      if (!this.stopped) await delay(this.parts.clock, GATHER_MS);
      const batch = this.queue.slice(0, BATCH);
      if (!(await this.storeAll(batch))) return;
      this.queue.splice(0, batch.length);
      for (const { text } of batch) this.bytes -= text.length;
      if (!this.full) for (const go of this.waiters.splice(0)) go();
    }
  }

  /** False when it was stopped while the store was away: the robots keep what they sent. */
  private async storeAll(batch: readonly Queued[]): Promise<boolean> {
    for (;;) {
      try {
        await this.storeOnce(batch);
        return true;
      } catch (error) {
        this.parts.listeners.count.storeError();
        const away = error instanceof StoreUnavailable;
        this.parts.log.error({ error: messageOf(error), away }, 'messages could not be stored');
        if (!away) return this.storeApart(batch);
        if (this.stopped) return false;
      }
      await delay(this.parts.clock, RETRY_MS);
    }
  }

  /** Something in it cannot be stored: finds what, so that the rest is. */
  private async storeApart(batch: readonly Queued[]): Promise<boolean> {
    const [only] = batch;
    if (batch.length <= 1) {
      this.refuse('unstorable', { robot: only?.robot, kind: only?.message.kind });
      return true;
    }
    const half = Math.ceil(batch.length / 2);
    return (await this.storeAll(batch.slice(0, half))) && (await this.storeAll(batch.slice(half)));
  }

  private async storeOnce(batch: readonly Queued[]): Promise<void> {
    const { store, keys, clock, listeners } = this.parts;
    const robots = new Set(batch.map(({ robot }) => robot));
    await keys.refresh(robots, clock.now(), clock.wall());
    const entries: (Entry & { ok: true })[] = [];
    // In order: a log may say which key signs the next entry.
    for (const queued of batch) {
      const found = entryOf(queued, keys);
      const entry = found instanceof Promise ? await found : found;
      if (entry.ok) entries.push(entry);
      else this.refuse(entry.reason, { robot: queued.robot, kind: queued.message.kind });
    }
    const intake = intakeOf(entries);
    const { fresh } = await store.intake.store(intake);
    this.countAll(entries, new Set(fresh));
    await listeners.onAnswers(intake.answers);
    listeners.onStored(intake.records);
    this.tell(batch);
    listeners.onAwake(awakeIn(batch));
  }

  private countAll(entries: readonly (Entry & { ok: true })[], fresh: ReadonlySet<string>): void {
    const { count } = this.parts.listeners;
    const counted = new Set<string>();
    for (const { record, latest } of entries) {
      if (latest) count.stored(latest.kind);
      if (!record) continue;
      const key = `${record.robot}/${record.id}`;
      if (fresh.has(key) && !counted.has(key)) count.stored(record.kind);
      else count.duplicate(record.kind);
      counted.add(key);
    }
  }

  private tell(batch: readonly Queued[]): void {
    const kinds = new Map<string, Set<Channel>>();
    for (const { robot, message } of batch)
      kinds.set(robot, (kinds.get(robot) ?? new Set()).add(message.kind));
    for (const [robot, of] of kinds) this.parts.listeners.onChange({ robot, kinds: [...of] });
  }

  private refuse(reason: Refusal | BatchRefusal | 'unstorable', fields: object): void {
    this.parts.listeners.count.refused(reason);
    this.parts.log.debug({ reason, ...fields }, 'dropped a message');
  }
}

const AWAY: readonly string[] = ['lost', 'disconnected', 'sleeping', 'init'];

function awakeIn(batch: readonly Queued[]): string[] {
  const awake = new Set<string>();
  for (const { robot, message } of batch) {
    if (message.kind !== 'state') continue;
    if (AWAY.includes(message.state.state)) awake.delete(robot);
    else awake.add(robot);
  }
  return [...awake];
}
