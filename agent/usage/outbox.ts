import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { UsageRecord } from '../wire/fleet.ts';

export const OUTBOX_FILE = 'usage.jsonl';

/**
 * Complete records on disk until the broker has acknowledged each. A power cut between the
 * acknowledgement and the removal sends a record twice: receivers count by id.
 *
 * Not safe for concurrent use: its owner calls one method after the other.
 */
export class Outbox {
  constructor(
    private readonly storage: Storage,
    private readonly log: Log,
  ) {}

  async has(id: string): Promise<boolean> {
    return (await this.records()).some((record) => record.id === id);
  }

  async add(record: UsageRecord): Promise<void> {
    await this.storage.append(OUTBOX_FILE, JSON.stringify(record));
  }

  /** What to send next. */
  async oldest(): Promise<UsageRecord | undefined> {
    return (await this.records())[0];
  }

  async remove(id: string): Promise<void> {
    const rest = (await this.records()).filter((record) => record.id !== id);
    if (rest.length === 0) return this.storage.remove(OUTBOX_FILE);
    await this.storage.write(
      OUTBOX_FILE,
      rest.map((record) => `${JSON.stringify(record)}\n`).join(''),
    );
  }

  /** A line that is no record (a torn disk) is left out and said. */
  private async records(): Promise<UsageRecord[]> {
    const lines = await this.storage.readLines(OUTBOX_FILE);
    return lines.flatMap((line) => {
      const record = parse(line);
      if (!record) this.log.error({ file: OUTBOX_FILE }, 'a line of the usage file is unreadable');
      return record ? [record] : [];
    });
  }
}

function parse(line: string): UsageRecord | undefined {
  try {
    return UsageRecord.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
