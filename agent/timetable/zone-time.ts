/**
 * Wall-clock time of one IANA zone, by ICU (Intl). Asking ICU costs microseconds, so each day's
 * offset is asked once; one object may serve any number of timetables of the same zone.
 */
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Days that are remembered; some years of them, then it begins anew. */
const MAX_DAYS = 2_000;

export class ZoneTime {
  private readonly format: Intl.DateTimeFormat;
  /** Offset by UTC day; undefined: it changes in that day. */
  private readonly days = new Map<number, number | undefined>();

  /** Throws RangeError for a zone that ICU does not know. */
  constructor(readonly zone: string) {
    this.format = new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone: zone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23' },
      ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
  }

  /** Local time minus UTC at this moment, milliseconds. */
  offsetAt(wallMs: number): number {
    const day = Math.floor(wallMs / DAY_MS);
    if (!this.days.has(day)) {
      if (this.days.size >= MAX_DAYS) this.days.clear();
      const [first, last] = [this.ask(day * DAY_MS), this.ask((day + 1) * DAY_MS - 1_000)];
      this.days.set(day, first === last ? first : undefined);
    }
    return this.days.get(day) ?? this.ask(wallMs);
  }

  /** The day (see civil.ts) and the minute of it on the wall. */
  localOf(wallMs: number): { day: number; minute: number } {
    const local = wallMs + this.offsetAt(wallMs);
    const day = Math.floor(local / DAY_MS);
    return { day, minute: Math.floor((local - day * DAY_MS) / MINUTE_MS) };
  }

  /**
   * Milliseconds since 1970 of a time on the wall. As RFC 5545 (3.3.5) has it: a time that comes
   * twice, when clocks go back, is the first one; a time that is skipped, when clocks go forward,
   * is read by the offset before the change, so 02:30 is what then shows as 03:30.
   */
  instantOf(day: number, minute: number): number {
    const local = day * DAY_MS + minute * MINUTE_MS;
    const before = this.offsetAt(local - 26 * HOUR_MS);
    const after = this.offsetAt(local + 26 * HOUR_MS);
    if (this.offsetAt(local - before) === before) return local - before;
    return this.offsetAt(local - after) === after ? local - after : local - before;
  }

  private ask(wallMs: number): number {
    const seconds = Math.floor(wallMs / 1_000) * 1_000;
    const parts = new Map<string, number>();
    for (const { type, value } of this.format.formatToParts(seconds))
      parts.set(type, Number(value));
    const part = (name: string): number => parts.get(name) ?? 0;
    const date = Date.UTC(part('year'), part('month') - 1, part('day'));
    const time = part('hour') * HOUR_MS + part('minute') * MINUTE_MS + part('second') * 1_000;
    return date + time - seconds;
  }
}
