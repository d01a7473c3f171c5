import type { Storage } from '../../hal/ports/storage.ts';
import { AccessFault } from './access-fault.ts';
import { noRecords, Records } from './records.ts';

export const RECORDS_FILE = 'access.json';

/** `records` undefined: nothing to write. */
export interface Change<T> {
  readonly records?: Records | undefined;
  readonly result: T;
}

/**
 * The records on disk. Changes run one after the other, and what is on disk comes first: a change
 * is neither visible nor answered before its write has resolved, and one that cannot be written
 * did not happen.
 */
export class RecordStore {
  private queue: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly storage: Storage,
    private records: Records,
  ) {}

  static async open(storage: Storage): Promise<RecordStore> {
    const text = await storage.read(RECORDS_FILE);
    return new RecordStore(storage, text === undefined ? noRecords : parseRecords(text));
  }

  get current(): Records {
    return this.records;
  }

  change<T>(decide: (records: Records) => Change<T>): Promise<T> {
    const done = this.queue.then(async () => {
      const { records, result } = decide(this.records);
      if (records !== undefined) {
        await this.storage.write(RECORDS_FILE, JSON.stringify(records));
        this.records = records;
      }
      return result;
    });
    this.queue = done.catch(() => undefined);
    return done;
  }
}

function parseRecords(text: string): Records {
  try {
    const parsed = Records.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    throw broken(issue ? `${issue.path.join('.') || 'file'}: ${issue.message}` : 'unreadable');
  } catch (error) {
    throw error instanceof AccessFault ? error : broken('not JSON');
  }
}

function broken(why: string): AccessFault {
  return new AccessFault(
    'brokenRecords',
    `${RECORDS_FILE}: ${why}. Expected the invitations and devices as the agent writes them. Put the file back from a copy, or remove it: every pupil then needs a new invitation.`,
  );
}
