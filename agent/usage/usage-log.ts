import { SerialQueue } from '../../hal/common/asynchrony.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import type { OutgoingRecord, RecordSource } from '../records/record-delivery.ts';
import { expectShape } from '../state/parsing.ts';
import { StateFile } from '../state/state-file.ts';
import { type Moment, Stamp, stampOf } from '../time/moment.ts';
import type { TimeOfDay } from '../time/time-service.ts';
import type { UsageRecord } from '../wire/fleet.ts';
import { topics } from '../wire/topics.ts';
import { attended, type LessonSpan } from './attended.ts';
import { type Outbox, outboxOn, StoredRecord, usageSchema } from './outbox.ts';
import { Percentiles } from './percentiles.ts';

export const OPEN_FILE = 'usage-open.json';
/** Maximum part of a session missing from its record after a power cut. */
const PROGRESS_MS = 60_000;
/** Maximum number of records in memory while writes fail; the oldest are dropped first. */
const MAX_UNSAVED = 1_000;

type Count = 'handsRaised' | 'handsAcknowledged' | 'pauses' | 'interruptions';

interface OpenSession {
  readonly record: UsageRecord;
  readonly startMs: number;
  readonly latency: Percentiles;
  readonly loss: Percentiles;
}

/** State of the open record's file; `unread` until what a power cut left there is saved. */
type OpenRecord =
  | { readonly name: 'unread' | 'none' }
  | { readonly name: 'of'; readonly id: string };

interface UsageParts {
  readonly robot: string;
  readonly clock: Clock;
  readonly time: TimeOfDay;
  readonly log: Log;
  readonly storage: Storage;
  /** 32 random hex digits. */
  readonly newId: () => string;
  /** A write failed (true), or succeeds again. */
  readonly onTrouble: (trouble: boolean) => void;
  /** Granted lessons in the last `lastMs`; undefined: there is no timetable. */
  readonly lessons?: (lastMs: number) => readonly LessonSpan[] | undefined;
  /** There is a complete record to send. */
  readonly onRecord?: () => void;
}

/**
 * One record per session: on disk as open when it starts, updated each minute, complete when it
 * ends, then kept until the fleet has it (records/record-delivery.ts). Disk operations are serial;
 * `settled` resolves when everything requested so far is on disk. A failing disk does not end a lesson: the
 * record is kept in memory, writing is retried, and the trouble is reported.
 */
export class UsageLog implements RecordSource {
  private session: OpenSession | undefined;
  private readonly diskQueue = new SerialQueue();
  private readonly outbox: Outbox;
  private readonly openFile: StateFile<StoredRecord>;
  private openRecord: OpenRecord = { name: 'unread' };
  private unsaved: UsageRecord[] = [];
  /** At most one queued write, however slow the disk is. */
  private persistQueued = false;
  private timers: Timer[] = [];

  constructor(private readonly parts: UsageParts) {
    const { storage, log } = parts;
    this.outbox = outboxOn(storage, log);
    this.openFile = new StateFile(storage, log, OPEN_FILE, {
      schema: usageSchema,
      read: (fields) => ({ value: expectShape(StoredRecord, fields), strange: 0 }),
      write: (record) => record,
    });
  }

  /** Closes the record that a power cut left open. */
  async start(): Promise<void> {
    this.timers.push(this.parts.clock.every(PROGRESS_MS, () => this.persist()));
    await this.runOnDisk(() => this.recover());
  }

  stop(): void {
    for (const timer of this.timers) timer.cancel();
  }

  settled(): Promise<void> {
    return this.diskQueue.run(async () => {});
  }

  open(): void {
    const { clock, robot, newId, time } = this.parts;
    const at = time.now();
    this.session = {
      record: firstRecord(newId(), robot, at),
      startMs: clock.now(),
      latency: new Percentiles(1, 5_000),
      loss: new Percentiles(0.001, 1_001),
    };
    this.persist();
  }

  note(count: Count): void {
    if (!this.session) return;
    const { record } = this.session;
    this.session = { ...this.session, record: { ...record, [count]: record[count] + 1 } };
  }

  /** Notes what was attended so far, before the timetable becomes another. */
  noteLessons(): void {
    if (!this.session) return;
    const { record, startMs } = this.session;
    const lessons = this.attendedIn(record, this.parts.clock.now() - startMs);
    if (lessons) this.session = { ...this.session, record: { ...record, lessons } };
  }

  measured(videoLatencyMs: number | null, lossRatio: number): void {
    if (videoLatencyMs !== null) this.session?.latency.add(videoLatencyMs);
    this.session?.loss.add(lossRatio);
  }

  close(why: UsageRecord['why']): void {
    const record = this.snapshot(why);
    this.session = undefined;
    if (!record) return;
    this.unsaved.push(record);
    if (this.unsaved.length > MAX_UNSAVED) {
      this.unsaved.shift();
      this.parts.log.error({}, 'the disk has refused for long; the oldest usage record is gone');
    }
    void this.runOnDisk(() => this.save());
  }

  private snapshot(why: UsageRecord['why']): UsageRecord | undefined {
    if (!this.session) return undefined;
    const { record, startMs, latency, loss } = this.session;
    const lasted = this.parts.clock.now() - startMs;
    const known = dated(record, this.parts.time);
    const lessons = this.attendedIn(record, lasted);
    return {
      ...known,
      ...(lessons && { lessons }),
      // Wall time may jump during the session: the end is the start plus the monotonic duration.
      end: known.start + lasted,
      minutes: Math.round(lasted / 600) / 100,
      why,
      videoLatencyMs: latency.read(),
      lossRatio: loss.read(),
    };
  }

  private attendedIn({ lessons: before }: UsageRecord, lastedMs: number) {
    const now = this.parts.lessons?.(lastedMs);
    return now ? attended(lastedMs, now, before) : before;
  }

  /** Until the session ends properly, its record on disk has `powerLost` as its end reason. */
  private persist(): void {
    if (this.persistQueued) return;
    this.persistQueued = true;
    void this.runOnDisk(async () => {
      this.persistQueued = false;
      await this.save();
      const open = this.snapshot('powerLost');
      if (!open) return;
      await this.openFile.save(open);
      this.openRecord = { name: 'of', id: open.id };
    });
  }

  /** First appended as complete, then no longer open: the id reveals a power cut in between. */
  private async save(): Promise<void> {
    await this.recover();
    for (let record = this.unsaved[0]; record; record = this.unsaved[0]) {
      await this.append(record);
      const saved = record;
      this.unsaved = this.unsaved.filter((one) => one !== saved);
      const { id, why, minutes } = record;
      this.parts.log.info({ id, why, minutes }, 'usage recorded');
    }
    if (this.openRecord.name !== 'of' || this.openRecord.id === this.session?.record.id) return;
    await this.openFile.remove();
    this.openRecord = { name: 'none' };
  }

  /** Closes the record that a power cut left open, before another takes its place. */
  private async recover(): Promise<void> {
    if (this.openRecord.name !== 'unread') return;
    await this.outbox.open();
    const left = await this.openFile.load();
    if ('value' in left) {
      if (!(await this.outbox.has(left.value.id))) await this.append(left.value);
      await this.openFile.remove();
    }
    this.openRecord = { name: 'none' };
  }

  private async append(record: StoredRecord): Promise<void> {
    await this.outbox.append(record);
    this.parts.onRecord?.();
  }

  /** With times corrected, if they were guessed and are known by now. */
  async waiting(limit: number): Promise<readonly OutgoingRecord[]> {
    const { robot, time } = this.parts;
    const records = await this.diskQueue.run(() => this.outbox.waitingRecords(limit));
    return records.map((record) => ({
      ...{ id: record.id, topic: topics.usage(robot) },
      payload: dated(record, time),
    }));
  }

  acknowledge(id: string): Promise<void> {
    return this.diskQueue.run(() => this.outbox.acknowledge(id));
  }

  private async runOnDisk(act: () => Promise<void>): Promise<void> {
    try {
      await this.diskQueue.run(act);
      this.parts.onTrouble(false);
    } catch (error) {
      this.parts.log.error({ error: String(error) }, 'usage cannot be written; is the disk full?');
      this.parts.onTrouble(true);
    }
  }
}

function firstRecord(id: string, robot: string, at: Moment): UsageRecord {
  const counts = { handsRaised: 0, handsAcknowledged: 0, pauses: 0, interruptions: 0 };
  const { wallMs } = at;
  const times = { start: wallMs, end: wallMs, clock: stampOf(at), minutes: 0 };
  return {
    id,
    robot,
    ...times,
    why: 'powerLost',
    ...counts,
    videoLatencyMs: null,
    lossRatio: null,
  };
}

/**
 * A record begun with unknown time of day, with its times corrected if that boot's time is now
 * known. The disk keeps what was written.
 */
function dated<T extends { readonly start: number; readonly end: number }>(
  record: T & { readonly clock?: unknown },
  time: TimeOfDay,
): T {
  const mark = Stamp.safeParse(record.clock).data;
  if (!mark) return record;
  const { wallMs, stamp } = time.correct(record.start, mark);
  return { ...record, start: wallMs, end: record.end + wallMs - record.start, clock: stamp };
}
