import { jsonOf } from '../../hal/common/json.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { type AuditEntry, AuditEntry as Entry } from '../wire/audit.ts';
import { TYP } from '../wire/signalling.ts';
import { hashToken, openToken } from '../wire/token.ts';

const NEWEST = 'audit.jsonl';
/** Higher numbers are older. */
const closedName = (n: number): string => `audit-${n}.jsonl`;
/** The incomplete last line that a power cut left. */
const TORN = 'audit-torn.txt';
export const AUDIT_FILE = /^audit(?:-\d+)?\.jsonl$|^audit-torn\.txt$/;

export interface AuditLimits {
  /** A segment is closed after so many entries. */
  readonly entries: number;
  /** Closed segments that are kept though the fleet has stored them. */
  readonly kept: number;
  /** Closed segments at most: the oldest is dropped, stored or not. */
  readonly closed: number;
}
/** About 1 kB an entry: 8 MB at most. */
export const AUDIT_LIMITS: AuditLimits = { entries: 512, kept: 3, closed: 15 };

/** What a line says; undefined for a damaged one. */
interface Line {
  readonly token: string;
  readonly entry: AuditEntry | undefined;
}

export interface Segment {
  name: string;
  readonly lines: Line[];
}

export interface AuditHead {
  readonly n: number;
  readonly hash: string;
}

/** What was found at the start. */
export interface AuditFound {
  readonly head: AuditHead | undefined;
  readonly last: AuditEntry | undefined;
  /** Characters of a line that a power cut tore. */
  readonly torn: number;
  /** Lines of the newest segment that cannot be read. */
  readonly damaged: number;
}

/** The segments of the audit log on disk. Not safe for concurrent use. */
export class AuditFiles {
  /** Oldest first; the last is the newest file. */
  private segments: Segment[] = [];

  constructor(
    private readonly storage: Storage,
    private readonly log: Log,
    private readonly limits: AuditLimits,
  ) {}

  get newest(): Segment {
    const segment = this.segments.at(-1);
    if (!segment) throw new Error('the audit log was not read');
    return segment;
  }

  get isFull(): boolean {
    return this.newest.lines.length >= this.limits.entries;
  }

  /** All lines, oldest first. */
  get tokens(): string[] {
    return this.segments.flatMap(({ lines }) => lines.map(({ token }) => token));
  }

  /** The entry `what` of an order among those on disk. */
  entryOf(order: string, what: string): Line | undefined {
    for (const { lines } of [...this.segments].reverse())
      for (const line of [...lines].reverse())
        if (line.entry?.order === order && line.entry.what === what) return line;
    return undefined;
  }

  async read(): Promise<AuditFound> {
    const torn = await this.setTornAside();
    const segments: Segment[] = [];
    for (let n = this.limits.closed + 1; n >= 0; n--) {
      const name = n === 0 ? NEWEST : closedName(n);
      const lines = (await this.storage.readLines(name)).map(lineOf);
      if (lines.length > 0 || n === 0) segments.push({ name, lines });
    }
    this.segments = segments;
    const { head, last } = await headOf(segments.flatMap(({ lines }) => lines));
    const damaged = await damagedIn(this.newest.lines);
    return { head, last, torn, damaged };
  }

  /** On disk when this resolves. */
  async append(token: string): Promise<void> {
    await this.storage.append(this.newest.name, token);
    this.newest.lines.push(lineOf(token));
  }

  /** Begins a new segment; returns how many entries were dropped that the fleet does not store. */
  async close(isStored: (entry: Line) => boolean): Promise<number> {
    const lost = await this.dropOldest(isStored);
    const closed = this.segments;
    for (const [index, segment] of closed.entries()) {
      const to = closedName(closed.length - index);
      if (segment.name !== to) await this.storage.rename(segment.name, to);
      segment.name = to;
    }
    this.segments.push({ name: NEWEST, lines: [] });
    return lost;
  }

  /** Another fleet's log begins. */
  async clear(): Promise<void> {
    for (const { name } of this.segments) await this.storage.remove(name);
    this.segments = [{ name: NEWEST, lines: [] }];
  }

  private async dropOldest(isStored: (entry: Line) => boolean): Promise<number> {
    let lost = 0;
    for (;;) {
      const [oldest] = this.segments;
      const waiting = oldest?.lines.filter((line) => !isStored(line)).length ?? 0;
      const tooMany = this.segments.length > this.limits.closed;
      const spare = this.segments.length > this.limits.kept && waiting === 0;
      if (!oldest || !(tooMany || spare)) return lost;
      await this.storage.remove(oldest.name);
      this.segments.shift();
      lost += waiting;
      if (waiting > 0) this.log.error({ entries: waiting }, 'audit entries were dropped unsent');
    }
  }

  /** A torn line was never answered for: it is kept for people, and its number used again. */
  private async setTornAside(): Promise<number> {
    const text = (await this.storage.read(NEWEST)) ?? '';
    const whole = text.lastIndexOf('\n') + 1;
    const torn = text.slice(whole);
    if (torn === '') return 0;
    await this.storage.write(TORN, torn);
    await this.storage.write(NEWEST, text.slice(0, whole));
    this.log.warn({ file: NEWEST, characters: torn.length }, 'a torn audit line was set aside');
    return torn.length;
  }
}

/**
 * Reads without verifying: the signature is for those who do not trust this disk. An entry that
 * cannot be read counts for its number all the same.
 */
function lineOf(token: string): Line {
  const [, payload = ''] = token.split('.');
  const json = jsonOf(Buffer.from(payload, 'base64url').toString('utf8'));
  return { token, entry: Entry.safeParse(json).data };
}

/** How many do not fit to the one before, or, of the newest, to its signature. */
async function damagedIn(lines: readonly Line[]): Promise<number> {
  let damaged = 0;
  let before: Line | undefined;
  for (const line of lines) {
    const fits = !before || line.entry?.prev === (await hashToken(before.token));
    if (!line.entry || !fits) damaged += 1;
    before = line;
  }
  if (!before?.entry) return damaged;
  const opened = await openToken(before.token, TYP.audit, Entry);
  return opened.ok ? damaged : damaged + 1;
}

async function headOf(
  lines: readonly Line[],
): Promise<{ head: AuditHead | undefined; last: AuditEntry | undefined }> {
  const end = lines.at(-1);
  if (!end) return { head: undefined, last: undefined };
  const known = lines.findLastIndex(({ entry }) => entry !== undefined);
  const n = (lines[known]?.entry?.n ?? 0) + (lines.length - 1 - known);
  return { head: { n, hash: await hashToken(end.token) }, last: end.entry };
}
