import { SerialQueue } from '../../hal/common/asynchrony.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { StateFile, StateUnreadable } from '../state/state-file.ts';
import { AccessFault } from './access-fault.ts';
import { noRecords, type Records } from './records.ts';
import { recordsFormat } from './records-file.ts';

export const RECORDS_FILE = 'access.json';

/** `records` undefined: nothing to write. */
export interface Change<T> {
  readonly records?: Records | undefined;
  readonly result: T;
}

/**
 * The records on disk. Changes run one after the other and are written first: a change is neither
 * visible nor answered before its write has resolved, and one that cannot be written has no effect.
 */
export class RecordStore {
  private readonly queue = new SerialQueue();

  private constructor(
    private readonly file: StateFile<Records>,
    private records: Records,
    private damaged: boolean,
  ) {}

  /** Rejects with AccessFault only while the disk cannot be read. */
  static async open(storage: Storage, log: Log): Promise<RecordStore> {
    const file = new StateFile(storage, log, RECORDS_FILE, recordsFormat);
    try {
      const loaded = await file.load();
      const records = 'value' in loaded ? loaded.value : noRecords;
      return new RecordStore(file, records, loaded.from === 'damaged' || loaded.from === 'newer');
    } catch (error) {
      throw error instanceof StateUnreadable ? unreadable(error) : error;
    }
  }

  get current(): Records {
    return this.records;
  }

  /** The file and its copy were damaged, or are a newer version's, and nobody was bound since. */
  get lost(): boolean {
    return this.damaged;
  }

  change<T>(decide: (records: Records) => Change<T>): Promise<T> {
    return this.queue.run(async () => {
      const { records, result } = decide(this.records);
      if (records !== undefined) {
        await this.file.save(records);
        this.records = records;
        this.damaged = false;
      }
      return result;
    });
  }
}

function unreadable({ message }: Error): AccessFault {
  return new AccessFault(
    'brokenRecords',
    `${message}. Nobody is let in until the disk gives this file; it is tried again.`,
  );
}
