import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { Segment } from './segment.ts';
import { parseRecord, type StoredRecord } from './stored-record.ts';

/** The newest segment. A version before segments knows this file alone, and sends what is in it. */
export const OUTBOX_FILE = 'usage.jsonl';
/** Ids of records that the broker has acknowledged while others of their segment wait. */
export const SENT_FILE = 'usage.sent';
/** Lines that are not understood, out of segments that are done. */
export const STRANGE_FILE = 'usage-strange.jsonl';
/** Lines of a segment. A segment is deleted as a whole, so a record costs one mark to send. */
export const SEGMENT_LINES = 512;
/** Older segments, `usage-<n>.jsonl`, the highest number the oldest. */
export const MAX_SEALED = 15;
export const MAX_STRANGE = 256;

/**
 * Complete records on disk until the broker has acknowledged each. A power cut between the
 * acknowledgement and its mark sends a record twice: receivers count by id.
 *
 * Adding is one appended line, sending one appended mark; a segment goes when all of it is sent.
 * The disk holds at most 16 segments (8,192 records: years of school). Beyond that the oldest segment
 * goes first; of lines that nobody understands, the oldest line. Both are said in the log.
 *
 * Not safe for concurrent use: its owner calls one method after the other.
 */
export class Outbox {
  /** Oldest first; the last one is OUTBOX_FILE. Undefined until the disk was read. */
  private segments: Segment[] | undefined;
  private readonly ids = new Set<string>();
  /** Ids in SENT_FILE. */
  private readonly marks = new Set<string>();
  private strangeLines: string[] = [];

  constructor(
    private readonly storage: Storage,
    private readonly log: Log,
  ) {}

  /** Reads the disk; the others do when that has not been possible. */
  async open(): Promise<void> {
    await this.opened();
  }

  async has(id: string): Promise<boolean> {
    await this.opened();
    return this.ids.has(id) || this.marks.has(id);
  }

  async add(record: StoredRecord): Promise<void> {
    const segments = await this.opened();
    if (newest(segments).lines >= SEGMENT_LINES)
      await this.seal(segments).catch((error) => this.grumble(error, 'a segment stays too long'));
    const segment = newest(segments);
    await this.storage.append(OUTBOX_FILE, JSON.stringify(record));
    segment.lines += 1;
    segment.unsent.push(record);
    this.ids.add(record.id);
  }

  /** What to send next. */
  async oldest(): Promise<StoredRecord | undefined> {
    const segments = await this.opened();
    return segments.find(({ unsent }) => unsent.length > 0)?.unsent[0];
  }

  /**
   * The broker has it. A disk that refuses the mark does not hold up the others: the record is sent
   * once more after the next start.
   */
  async remove(id: string): Promise<void> {
    const segments = await this.opened();
    const segment = segments.find(({ unsent }) => unsent.some((record) => record.id === id));
    if (!segment) return;
    const at = segment.unsent.findIndex((record) => record.id === id);
    segment.unsent.splice(at, 1);
    this.ids.delete(id);
    try {
      if (!segment.done) {
        await this.storage.append(SENT_FILE, id);
        this.marks.add(id);
        segment.marked += 1;
      }
      await this.tidy(segments);
    } catch (error) {
      this.grumble(error, 'what was sent could not be marked');
    }
  }

  private async opened(): Promise<Segment[]> {
    this.segments ??= await this.read();
    return this.segments;
  }

  private async read(): Promise<Segment[]> {
    this.ids.clear();
    this.marks.clear();
    for (const id of await this.linesOf(SENT_FILE)) this.marks.add(id);
    const segments: Segment[] = [];
    for (let n = MAX_SEALED; n >= 0; n--) {
      const name = n === 0 ? OUTBOX_FILE : sealedName(n);
      const segment = Segment.of(name, await this.linesOf(name), this.marks, this.ids);
      if (segment.lines > 0 || n === 0) segments.push(segment);
      for (const { id } of segment.unsent) this.ids.add(id);
    }
    this.strangeLines = await this.linesOf(STRANGE_FILE);
    const strange = segments.reduce((sum, one) => sum + one.strange.length, 0);
    if (strange > 0) this.log.warn({ strange }, 'lines of the usage file are not understood; kept');
    await this.tidy(segments).catch((error) => this.grumble(error, 'sent records stay on disk'));
    await this.understandMore(segments);
    return segments;
  }

  private async linesOf(name: string): Promise<string[]> {
    try {
      return await this.storage.readLines(name);
    } catch (error) {
      if (!(error instanceof Error && 'kind' in error && error.kind === 'badData')) throw error;
      this.log.error({ file: name, error: error.message }, 'a usage file was set aside');
      await this.storage.rename(name, `${name}.corrupt-1`);
      return [];
    }
  }

  /** A newer version may know the lines that an older one has only kept. */
  private async understandMore(segments: Segment[]): Promise<void> {
    const rest = this.strangeLines.filter((line) => !parseRecord(line));
    if (rest.length === this.strangeLines.length) return;
    const segment = newest(segments);
    for (const record of this.strangeLines.flatMap((line) => parseRecord(line) ?? [])) {
      if (this.ids.has(record.id)) continue;
      await this.storage.append(OUTBOX_FILE, JSON.stringify(record));
      segment.lines += 1;
      segment.unsent.push(record);
      this.ids.add(record.id);
    }
    await this.keepStrange(rest);
  }

  /** Moves each segment one number up, up to the first gap, so that the newest can be begun anew. */
  private async seal(segments: Segment[]): Promise<void> {
    const taken = new Map(segments.map((segment) => [segment.name, segment]));
    let free = 1;
    while (free <= MAX_SEALED && taken.has(sealedName(free))) free += 1;
    if (free > MAX_SEALED) await this.drop(segments);
    for (let n = Math.min(free, MAX_SEALED); n >= 1; n--) {
      const from = n === 1 ? OUTBOX_FILE : sealedName(n - 1);
      await this.storage.rename(from, sealedName(n));
      const moved = taken.get(from);
      if (moved) moved.name = sealedName(n);
    }
    segments.push(new Segment(OUTBOX_FILE));
  }

  /** The oldest of too many. */
  private async drop(segments: Segment[]): Promise<void> {
    const [oldest] = segments;
    if (!oldest) return;
    await this.storage.remove(oldest.name);
    segments.shift();
    for (const { id } of oldest.unsent) this.ids.delete(id);
    const records = oldest.unsent.length;
    this.log.error({ records }, 'the disk holds no more usage records; the oldest are gone');
  }

  /** Deletes segments that are done; what is not understood of them is kept first. */
  private async tidy(segments: Segment[]): Promise<void> {
    for (const segment of segments.filter(({ done }) => done)) {
      await this.saveStrange(segment.strange);
      await this.storage.remove(segment.name);
      segments.splice(segments.indexOf(segment), 1);
      if (segment.name === OUTBOX_FILE) segments.push(new Segment(OUTBOX_FILE));
    }
    if (this.marks.size === 0 || segments.some(({ marked }) => marked > 0)) return;
    await this.storage.remove(SENT_FILE);
    this.marks.clear();
  }

  private async saveStrange(lines: readonly string[]): Promise<void> {
    const fresh = lines.filter((line) => !this.strangeLines.includes(line));
    if (fresh.length > 0) await this.keepStrange([...this.strangeLines, ...fresh]);
  }

  private async keepStrange(lines: readonly string[]): Promise<void> {
    const kept = lines.slice(-MAX_STRANGE);
    if (kept.length < lines.length)
      this.log.error({ lines: lines.length - kept.length }, 'usage lines nobody understands: gone');
    if (kept.length === 0) await this.storage.remove(STRANGE_FILE);
    else await this.storage.write(STRANGE_FILE, kept.map((line) => `${line}\n`).join(''));
    this.strangeLines = kept;
  }

  private grumble(error: unknown, what: string): void {
    this.log.warn({ error: String(error) }, what);
  }
}

const sealedName = (n: number): string => `usage-${n}.jsonl`;

function newest(segments: readonly Segment[]): Segment {
  const segment = segments.at(-1);
  if (!segment) throw new Error('an outbox without a segment');
  return segment;
}
