import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';

interface JournalFormat<T> {
  /** Of its files; see Journal. */
  readonly name: string;
  /** Undefined for a line that this version does not understand, which is then kept as it is. */
  parse(line: string): T | undefined;
}

/** How much the disk holds. A segment is closed at a number of lines or of bytes. */
interface JournalLimits {
  readonly lines: number;
  readonly bytes: number;
  /** Closed segments. */
  readonly closed: number;
  /** Lines that nobody understands, out of segments that are done. */
  readonly strange: number;
}

export const JOURNAL_LIMITS: JournalLimits = {
  ...{ lines: 512, bytes: 1 << 20 },
  ...{ closed: 15, strange: 256 },
};

/** The names of a journal's files. */
export const journalFiles = (name: string) => ({
  /** The newest segment. Version 0.1.0 and before read it, whatever else they know. */
  newest: `${name}.jsonl`,
  /** The higher, the older. */
  closed: (n: number) => `${name}-${n}.jsonl`,
  /** Ids that were acknowledged while others of their segment wait, one a line. */
  acknowledged: `${name}.sent`,
  strange: `${name}-strange.jsonl`,
});

/**
 * Records on disk, in order, until each is acknowledged. Adding one is one appended line, and so is
 * acknowledging one; a segment is deleted as a whole when all of it is acknowledged. What `append` has
 * resolved for survives a power cut, at any byte; one between an acknowledgement and its line brings
 * the record once more, so whoever gets records knows them by id.
 *
 * The disk holds `limits.closed` + 1 segments (8,192 records: years of school). Beyond that the oldest
 * segment goes first; of lines that nobody understands, the oldest line. Both are said in the log.
 *
 * Not safe for concurrent use: its owner calls one method after the other.
 */
export class Journal<T extends { readonly id: string }> {
  /** Oldest first; the last one is the newest file. Undefined until the disk was read. */
  private segments: Segment<T>[] | undefined;
  /** Where each record is that waits. */
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

  /** Reads the disk; the others do when that has not been possible. */
  async open(): Promise<void> {
    await this.opened();
  }

  /** Whether it waits, or was acknowledged a while ago at most. */
  async has(id: string): Promise<boolean> {
    await this.opened();
    return this.knows(id);
  }

  /** On disk when this resolves. */
  async append(record: T): Promise<void> {
    const segments = await this.opened();
    const { lines, bytes } = newest(segments);
    if (lines >= this.limits.lines || bytes >= this.limits.bytes)
      await this.close(segments).catch((error) => this.grumble(error, 'a segment stays too long'));
    await this.appendTo(newest(segments), record);
  }

  /** The one that waits longest. */
  async oldest(): Promise<T | undefined> {
    for (const { waiting } of await this.opened())
      for (const record of waiting.values()) return record;
    return undefined;
  }

  /**
   * Whoever gets the records has this one. A disk that refuses to mark it does not hold up the others:
   * the record comes once more after the next start.
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
      this.grumble(error, 'an acknowledgement could not be written');
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
    await this.tidy(segments).catch((error) => this.grumble(error, 'what was sent stays on disk'));
    await this.understandMore(newest(segments));
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

  /** A file that is none of ours, as far too large a one, is set aside. */
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

  /** A newer version may know the lines that an older one has only kept. */
  private async understandMore(segment: Segment<T>): Promise<void> {
    const rest = this.strangeLines.filter((line) => !this.format.parse(line));
    if (rest.length === this.strangeLines.length) return;
    for (const record of this.strangeLines.flatMap((line) => this.format.parse(line) ?? []))
      if (!this.knows(record.id)) await this.appendTo(segment, record);
    await this.keepStrange(rest);
  }

  /** Moves each segment one number up, up to the first gap, so that the newest can be begun anew. */
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

  /** The oldest of too many. */
  private async drop(segments: Segment<T>[]): Promise<void> {
    const [oldest] = segments;
    if (!oldest) return;
    await this.storage.remove(oldest.name);
    segments.shift();
    for (const id of oldest.waiting.keys()) this.waiting.delete(id);
    const gone = { journal: this.format.name, records: oldest.waiting.size };
    this.log.error(gone, 'the disk holds no more records; the oldest are gone');
  }

  /** Deletes segments that are done; what is not understood of them is kept first. */
  private async tidy(segments: Segment<T>[]): Promise<void> {
    for (const segment of segments.filter(({ done }) => done)) {
      await this.saveStrange(segment.strange);
      await this.storage.remove(segment.name);
      segments.splice(segments.indexOf(segment), 1);
      if (segment.name === this.files.newest) segments.push(new Segment(this.files.newest));
    }
    await this.tidyMarks(segments.flatMap(({ marked }) => marked));
  }

  /** Marks of segments that are gone go when they are most of the file: rarely, and never for long. */
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

  private grumble(error: unknown, what: string): void {
    this.log.warn({ journal: this.format.name, error: String(error) }, what);
  }
}

/** A file of the journal, in memory. */
class Segment<T> {
  /** By id, oldest first. */
  readonly waiting = new Map<string, T>();
  /** Ids of its records that are acknowledged. */
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
