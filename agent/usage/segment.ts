import { parseRecord, type StoredRecord } from './stored-record.ts';

/** A file of the outbox, in memory: what of it is still to be sent, in order. */
export class Segment {
  readonly unsent: StoredRecord[] = [];
  /** Lines that are not understood, to be kept. */
  readonly strange: string[] = [];
  /** Lines in the file. */
  lines = 0;
  /** Records of it that are marked as sent. */
  marked = 0;

  constructor(public name: string) {}

  /** `known`: ids that are already there. */
  static of(
    name: string,
    lines: readonly string[],
    sent: ReadonlySet<string>,
    known: ReadonlySet<string>,
  ): Segment {
    const segment = new Segment(name);
    const seen = new Set(known);
    for (const line of lines) {
      segment.lines += 1;
      const record = parseRecord(line);
      if (!record) {
        if (line.trim() !== '') segment.strange.push(line);
      } else if (sent.has(record.id)) segment.marked += 1;
      else if (!seen.has(record.id)) segment.unsent.push(record);
      if (record) seen.add(record.id);
    }
    return segment;
  }

  get done(): boolean {
    return this.lines > 0 && this.unsent.length === 0;
  }
}
