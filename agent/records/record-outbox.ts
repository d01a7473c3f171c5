import { z } from 'zod';
import { SerialQueue } from '../../hal/common/asynchrony.ts';
import { enveloped, openEnvelope } from '../../hal/common/envelope.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { Journal } from '../state/journal.ts';
import { RecordId } from '../wire/record-ack.ts';
import type { OutgoingRecord, RecordSource } from './record-delivery.ts';

/** As on disk. The payload is passed on as it was written, by whatever version. */
const StoredRecord = z.looseObject({
  id: RecordId,
  topic: z.string().min(1).max(200),
  payload: z.looseObject({}),
});
type StoredRecord = z.infer<typeof StoredRecord>;

const recordsSchema = enveloped('records');

interface RecordOutboxParts {
  readonly storage: Storage;
  readonly log: Log;
  /** There is a new record to send. */
  readonly onRecord: () => void;
}

/** Receipts, entries of the audit log, and states of updates, until the fleet has stored them. */
export class RecordOutbox implements RecordSource {
  private readonly queue = new SerialQueue();
  private readonly journal: Journal<StoredRecord>;

  constructor(private readonly parts: RecordOutboxParts) {
    const { storage, log } = parts;
    this.journal = new Journal(storage, log, { name: 'records', parse: parseRecord });
  }

  /** On disk when it resolves; rejects when the disk refuses. Sent, and kept until stored. */
  async append(record: OutgoingRecord): Promise<void> {
    const { id, topic, payload } = record;
    await this.queue.run(async () => {
      if (await this.journal.has(id)) return;
      await this.journal.append({ id, topic, payload: { ...payload } });
    });
    this.parts.onRecord();
  }

  /** Whether a record that was appended some time is stored elsewhere by now. */
  isStored(id: string): boolean {
    return this.journal.isWaiting(id) === false;
  }

  waiting(limit: number): Promise<readonly OutgoingRecord[]> {
    return this.queue.run(() => this.journal.waitingRecords(limit));
  }

  acknowledge(id: string): Promise<void> {
    return this.queue.run(() => this.journal.acknowledge(id));
  }

  /** Resolves when everything requested so far is on disk. */
  settled(): Promise<void> {
    return this.queue.run(async () => {});
  }
}

/** Undefined for an invalid line, or one that only a later version can read. */
function parseRecord(line: string): StoredRecord | undefined {
  try {
    return StoredRecord.safeParse(openEnvelope(recordsSchema, JSON.parse(line)).fields).data;
  } catch {
    return undefined;
  }
}
