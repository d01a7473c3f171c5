/**
 * An iCalendar file (RFC 5545) as events with their lines. `ical.js` reads each event by itself:
 * so an error names its event, and no part of a hostile file is worked on twice.
 */
import ICAL from 'ical.js';

/** Size of a file: a year of a school's lessons has well below one. */
export const MAX_CALENDAR_BYTES = 4 * 1024 * 1024;
const MAX_EVENTS = 2_000;
/** Of one event; descriptions may be long. */
const MAX_EVENT_CHARS = 100_000;

/** Where the fault is, and what was expected. */
export interface CalendarIssue {
  /** Line of the file, from 1. */
  readonly line: number;
  /** Summary of the event, if it has one. */
  readonly event: string;
  /** Property, as DTSTART. */
  readonly field: string;
  readonly why: string;
}

/** One property: parameters, and values as ical.js writes them (jCal, RFC 7265). */
export interface Property {
  readonly params: Readonly<Record<string, unknown>>;
  readonly type: string;
  readonly values: readonly unknown[];
}

export interface Block {
  readonly line: number;
  readonly lines: readonly string[];
  /** By name in lower case. */
  readonly properties: ReadonlyMap<string, readonly Property[]>;
}

export type Blocks =
  | {
      readonly ok: true;
      readonly events: readonly Block[];
      readonly zones: readonly Block[];
      readonly zone: string | undefined;
    }
  | { readonly ok: false; readonly errors: readonly CalendarIssue[] };

const whole = (why: string, line = 1): Blocks => ({
  ok: false,
  errors: [{ line, event: '', field: 'VCALENDAR', why }],
});

/** `file`: UTF-8, or UTF-16 with its mark. */
export function calendarBlocks(file: Uint8Array | string): Blocks {
  const size = typeof file === 'string' ? file.length : file.byteLength;
  if (size > MAX_CALENDAR_BYTES)
    return whole(`expected at most ${MAX_CALENDAR_BYTES / 1024 / 1024} MiB: export a shorter time`);
  const text = typeof file === 'string' ? file : decoded(file);
  if (text === undefined) return whole('expected text in UTF-8: save or export it as UTF-8');
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const first = lines.findIndex((line) => line.trim() !== '');
  if (lines[first]?.trim().toUpperCase() !== 'BEGIN:VCALENDAR')
    return whole('expected BEGIN:VCALENDAR: is this an iCalendar (.ics) file?', first + 1 || 1);
  return gather(lines);
}

function gather(lines: readonly string[]): Blocks {
  const events: Block[] = [];
  const zones: Block[] = [];
  const errors: CalendarIssue[] = [];
  let zone: string | undefined;
  let ended = false;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]?.trim() ?? '';
    const [, name] = /^BEGIN:(VEVENT|VTIMEZONE)$/i.exec(line) ?? [];
    if (/^X-WR-TIMEZONE[:;]/i.test(line)) zone = line.slice(line.indexOf(':') + 1).trim();
    if (/^END:VCALENDAR$/i.test(line)) ended = true;
    if (name === undefined) continue;
    const end = endOf(lines, at, name);
    if (end === undefined)
      return whole(`expected END:${name.toUpperCase()}: the file is cut off`, at + 1);
    if (events.length >= MAX_EVENTS || zones.length >= 200)
      return whole(
        `expected at most ${MAX_EVENTS} events and 200 time zones: export a shorter time`,
        at + 1,
      );
    const block = parseBlock(lines.slice(at, end + 1), at + 1);
    if ('why' in block) errors.push(block);
    else (name.toUpperCase() === 'VEVENT' ? events : zones).push(block);
    at = end;
  }
  if (errors.length > 0) return { ok: false, errors };
  if (!ended) return whole('expected END:VCALENDAR: the file is cut off', lines.length);
  return { ok: true, events, zones, zone };
}

/** The line that ends what begins at `at`; undefined when another begins first, or none does. */
function endOf(lines: readonly string[], at: number, name: string): number | undefined {
  for (let end = at + 1; end < lines.length; end++) {
    const line = lines[end]?.trim().toUpperCase() ?? '';
    if (line === `END:${name.toUpperCase()}`) return end;
    if (/^BEGIN:(VEVENT|VTIMEZONE|VCALENDAR)$|^END:VCALENDAR$/.test(line)) return undefined;
  }
  return undefined;
}

function parseBlock(lines: readonly string[], line: number): Block | CalendarIssue {
  const issue = (why: string): CalendarIssue => ({
    line,
    event: summaryIn(lines),
    field: 'VEVENT',
    why,
  });
  if (lines.reduce((sum, one) => sum + one.length, 0) > MAX_EVENT_CHARS)
    return issue(`expected at most ${MAX_EVENT_CHARS} characters in an event`);
  try {
    const [, properties] = ICAL.parse(lines.join('\r\n')) as [string, JCalProperty[], unknown];
    const byName = new Map<string, Property[]>();
    for (const [name, params, type, ...values] of properties) {
      const all = byName.get(name) ?? [];
      all.push({ params, type, values });
      byName.set(name, all);
    }
    return { line, lines, properties: byName };
  } catch (error) {
    return issue(error instanceof Error ? error.message.slice(0, 200) : 'unreadable');
  }
}

type JCalProperty = [name: string, params: Record<string, unknown>, type: string, ...unknown[]];

/** The line of the file that this property is on. */
export function lineOf({ line, lines }: Block, field: string): number {
  const at = lines.findIndex((one) => new RegExp(`^${field}[;:]`, 'i').test(one));
  return line + Math.max(0, at);
}

export function textOf(block: Block, name: string): string | undefined {
  const value = block.properties.get(name)?.[0]?.values[0];
  return typeof value === 'string' ? value : undefined;
}

function summaryIn(lines: readonly string[]): string {
  const line = lines.find((one) => /^SUMMARY[;:]/i.test(one)) ?? '';
  return line.slice(line.indexOf(':') + 1).slice(0, 60);
}

function decoded(bytes: Uint8Array): string | undefined {
  const [a, b] = bytes;
  const encoding =
    a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
