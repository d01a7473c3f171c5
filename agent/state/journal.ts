import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';

interface JournalFormat<T> {
  /** Base name of its files; see journalFiles. */
  readonly name: string;
  /** Undefined for a line that this version does not understand, which is then kept unchanged. */
  parse(line: string): T | undefined;
}

/** Limits on disk. A segment is closed at a number of lines or of bytes. */
interface JournalLimits {
  readonly lines: number;
  readonly bytes: number;
  /** Closed segments. */
  readonly closed: number;
  /** Lines not understood, kept from deleted segments. */
  readonly strange: number;
}

export const JOURNAL_LIMITS: JournalLimits = {
  ...{ lines: 512, bytes: 1 << 20 },
  ...{ closed: 15, strange: 256 },
};

/** The names of a journal's files. */
export const journalFiles = (name: string) => ({
  /** The newest segment. Version 0.1.0 reads this file only. */
  newest: `${name}.jsonl`,
  /** Higher numbers are older. */
  closed: (n: number) => `${name}-${n}.jsonl`,
  /** Ids acknowledged in segments that still have waiting records, one per line. */
  acknowledged: `${name}.sent`,
  strange: `${name}-strange.jsonl`,
});

/**
 * Records on disk, in order, until each is acknowledged. Appending a record writes one line, and so
 * does acknowledging it; a segment is deleted when all of it is acknowledged. What `append` has
 * resolved for survives a power cut at any byte; a power cut between an acknowledgement and its
 * line repeats the record, so recipients must deduplicate by id.
 *
 * The disk holds `limits.closed` + 1 segments (8,192 records: years of school). Beyond that the
 * oldest segment is dropped; of lines that are not understood, the oldest line. Both are logged.
 *
 * Not safe for concurrent use: the owner calls one method at a time.
 */
export class Journal<T extends { readonly id: string }> {
  /** Oldest first; the last one is the newest file. Undefined until the disk has been read. */
  private segments: Segment<T>[] | undefined;
  /** The segment of each waiting record, by id. */
  private readonly waiting = new Map<string, Segment<T>>();
  /** All ids in the file of acknowledgements. */
  private readonly marks = new Set<string>();
  private strangeLines: string[] = [];
  private readonly files: ReturnType<typeof journalFiles>;

  constructor(
    private readonly storage: Storage,
    private readonly log: Log,
    private readonly format: JournalFormat<T>,
    private readonly limits: JournalLimits = JOURNAL_LIMITS,
  ) {
    this.files = journalFiles(format.name);
  }

  /** Reads the disk; if that fails, the other methods retry. */
  async open(): Promise<void> {
    await this.opened();
  }

  /** Whether the record waits, or was recently acknowledged. */
  async has(id: string): Promise<boolean> {
    await this.opened();
    return this.knows(id);
  }

  /** Whether the record waits; undefined until the disk has been read. */
  isWaiting(id: string): boolean | undefined {
    return this.segments && this.waiting.has(id);
  }

  /** On disk when this resolves. */
  async append(record: T): Promise<void> {
    const segments = await this.opened();
    const { lines, bytes } = newest(segments);
    if (lines >= this.limits.lines || bytes >= this.limits.bytes)
      await this.close(segments).catch((error) => this.warn(error, 'a segment stays too long'));
    await this.appendTo(newest(segments), record);
  }

  /** The oldest waiting record. */
  async oldest(): Promise<T | undefined> {
    return (await this.waitingRecords(1))[0];
  }

  /** The oldest waiting records, in order. */
  async waitingRecords(limit: number): Promise<T[]> {
    const found: T[] = [];
    for (const { waiting } of await this.opened())
      for (const record of waiting.values()) {
        if (found.length >= limit) return found;
        found.push(record);
      }
    return found;
  }

  /**
   * The recipient has this record. A failed write of the mark does not delay the others: the record
   * is sent again after the next start.
   */
  async acknowledge(id: string): Promise<void> {
    const segments = await this.opened();
    const segment = this.waiting.get(id);
    if (!segment) return;
    segment.waiting.delete(id);
    this.waiting.delete(id);
    try {
      if (!segment.done) {
        await this.storage.append(this.files.acknowledged, id);
        this.marks.add(id);
        segment.marked.push(id);
      } else await this.tidy(segments);
    } catch (error) {
      this.warn(error, 'an acknowledgement could not be written');
    }
  }

  private knows(id: string): boolean {
    return this.waiting.has(id) || this.marks.has(id);
  }

  private async opened(): Promise<Segment<T>[]> {
    this.segments ??= await this.read();
    return this.segments;
  }

  private async read(): Promise<Segment<T>[]> {
    const { files } = this;
    this.waiting.clear();
    this.marks.clear();
    for (const id of await this.linesOf(files.acknowledged)) this.marks.add(id);
    const segments: Segment<T>[] = [];
    for (let n = this.limits.closed; n >= 0; n--) {
      const segment = new Segment<T>(n === 0 ? files.newest : files.closed(n));
      for (const line of await this.linesOf(segment.name)) this.take(segment, line);
      if (segment.lines > 0 || n === 0) segments.push(segment);
    }
    this.strangeLines = await this.linesOf(files.strange);
    const strange = segments.reduce((sum, one) => sum + one.strange.length, 0);
    if (strange > 0)
      this.log.warn({ journal: this.format.name, strange }, 'lines are not understood; kept');
    await this.tidy(segments).catch((error) => this.warn(error, 'what was sent stays on disk'));
    await this.parseStrangeAgain(newest(segments));
    return segments;
  }

  private take(segment: Segment<T>, line: string): void {
    segment.lines += 1;
    segment.bytes += line.length + 1;
    const record = this.format.parse(line);
    if (!record) {
      if (line.trim() !== '') segment.strange.push(line);
    } else if (this.marks.has(record.id)) segment.marked.push(record.id);
    else if (!this.waiting.has(record.id)) this.waitIn(segment, record);
  }

  private waitIn(segment: Segment<T>, record: T): void {
    segment.waiting.set(record.id, record);
    this.waiting.set(record.id, segment);
  }

  private async appendTo(segment: Segment<T>, record: T): Promise<void> {
    const line = JSON.stringify(record);
    await this.storage.append(segment.name, line);
    segment.lines += 1;
    segment.bytes += line.length + 1;
    this.waitIn(segment, record);
  }

  /** A foreign file, such as one that is far too large, is set aside. */
  private async linesOf(name: string): Promise<string[]> {
    try {
      return await this.storage.readLines(name);
    } catch (error) {
      if (!(error instanceof Error && 'kind' in error && error.kind === 'badData')) throw error;
      this.log.error({ file: name, error: error.message }, 'a journal’s file was set aside');
      await this.storage.rename(name, `${name}.corrupt-1`);
      return [];
    }
  }

  /** Parses kept lines again, as a newer version may understand them. */
  private async parseStrangeAgain(segment: Segment<T>): Promise<void> {
    const rest = this.strangeLines.filter((line) => !this.format.parse(line));
    if (rest.length === this.strangeLines.length) return;
    for (const record of this.strangeLines.flatMap((line) => this.format.parse(line) ?? []))
      if (!this.knows(record.id)) await this.appendTo(segment, record);
    await this.keepStrange(rest);
  }

  /** Renumbers each segment up by one, up to the first gap, so that a new newest one can begin. */
  private async close(segments: Segment<T>[]): Promise<void> {
    const { files, limits } = this;
    const taken = new Map(segments.map((segment) => [segment.name, segment]));
    let free = 1;
    while (free <= limits.closed && taken.has(files.closed(free))) free += 1;
    if (free > limits.closed) await this.drop(segments);
    for (let n = Math.min(free, limits.closed); n >= 1; n--) {
      const from = n === 1 ? files.newest : files.closed(n - 1);
      await this.storage.rename(from, files.closed(n));
      const moved = taken.get(from);
      if (moved) moved.name = files.closed(n);
    }
    segments.push(new Segment(files.newest));
  }

  /** Drops the oldest segment beyond the limit. */
  private async drop(segments: Segment<T>[]): Promise<void> {
    const [oldest] = segments;
    if (!oldest) return;
    await this.storage.remove(oldest.name);
    segments.shift();
    for (const id of oldest.waiting.keys()) this.waiting.delete(id);
    const gone = { journal: this.format.name, records: oldest.waiting.size };
    this.log.error(gone, 'the disk holds no more records; the oldest are gone');
  }

  /** Deletes completed segments, after saving their lines that are not understood. */
  private async tidy(segments: Segment<T>[]): Promise<void> {
    for (const segment of segments.filter(({ done }) => done)) {
      await this.saveStrange(segment.strange);
      await this.storage.remove(segment.name);
      segments.splice(segments.indexOf(segment), 1);
      if (segment.name === this.files.newest) segments.push(new Segment(this.files.newest));
    }
    await this.tidyMarks(segments.flatMap(({ marked }) => marked));
  }

  /** Removes marks of deleted segments once they are most of the file, so that this is rare. */
  private async tidyMarks(needed: readonly string[]): Promise<void> {
    const { acknowledged } = this.files;
    const most = needed.length === 0 ? 0 : this.limits.lines + 2 * needed.length;
    if (this.marks.size <= most) return;
    if (needed.length === 0) await this.storage.remove(acknowledged);
    else await this.storage.write(acknowledged, asLines(needed));
    this.marks.clear();
    for (const id of needed) this.marks.add(id);
  }

  private async saveStrange(lines: readonly string[]): Promise<void> {
    const fresh = lines.filter((line) => !this.strangeLines.includes(line));
    if (fresh.length > 0) await this.keepStrange([...this.strangeLines, ...fresh]);
  }

  private async keepStrange(lines: readonly string[]): Promise<void> {
    const { strange } = this.files;
    const kept = lines.slice(-this.limits.strange);
    if (kept.length < lines.length)
      this.log.error({ lines: lines.length - kept.length }, 'lines nobody understands: gone');
    if (kept.length === 0) await this.storage.remove(strange);
    else await this.storage.write(strange, asLines(kept));
    this.strangeLines = kept;
  }

  private warn(error: unknown, what: string): void {
    this.log.warn({ journal: this.format.name, error: String(error) }, what);
  }
}

/** A segment's file, in memory. */
class Segment<T> {
  /** By id, oldest first. */
  readonly waiting = new Map<string, T>();
  /** Ids of its acknowledged records. */
  readonly marked: string[] = [];
  /** Lines that are not understood, to be kept. */
  readonly strange: string[] = [];
  lines = 0;
  bytes = 0;

  constructor(public name: string) {}

  get done(): boolean {
    return this.lines > 0 && this.waiting.size === 0;
  }
}

const asLines = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

function newest<T>(segments: readonly Segment<T>[]): Segment<T> {
  const segment = segments.at(-1);
  if (!segment) throw new Error('a journal without a segment');
  return segment;
}
