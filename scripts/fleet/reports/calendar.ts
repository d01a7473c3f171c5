/**
 * Local days and weeks of a time zone. A day is a number: days from 1970-01-01 to the local date;
 * an instant is milliseconds since 1970. A local day lasts 23, 24 or 25 hours.
 */
const DAY_MS = 86_400_000;
/** No offset from UTC is larger. */
const OFFSET_S = 15 * 3600;

/** All instants `from <= t < to`. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export class LocalCalendar {
  private readonly format: Intl.DateTimeFormat;
  private readonly starts = new Map<number, number>();

  /** @throws RangeError when `zone` is not an IANA time zone. */
  constructor(readonly zone: string) {
    try {
      this.format = new Intl.DateTimeFormat('en-CA', {
        timeZone: zone,
        ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
      });
    } catch {
      throw new RangeError(
        `time zone: expected an IANA name such as Europe/Amsterdam, got "${zone}"`,
      );
    }
  }

  dayOf(at: number): number {
    return dayOfDate(this.format.format(at)) ?? Math.floor(at / DAY_MS);
  }

  /** The first instant of a local day, also where midnight is skipped. */
  startOf(day: number): number {
    const known = this.starts.get(day);
    if (known !== undefined) return known;
    // In seconds; local dates never run backwards over a whole search step that matters.
    let before = day * 86_400 - OFFSET_S;
    let reached = day * 86_400 + OFFSET_S;
    while (reached - before > 1) {
      const middle = Math.floor((before + reached) / 2);
      if (this.dayOf(middle * 1000) >= day) reached = middle;
      else before = middle;
    }
    this.starts.set(day, reached * 1000);
    return reached * 1000;
  }

  /** `days` whole local days from `firstDay` on. */
  days(firstDay: number, days: number): Window {
    return { from: this.startOf(firstDay), to: this.startOf(firstDay + days) };
  }

  /** The last whole `days` local days before the day of `now`. */
  lastDays(now: number, days: number): Window {
    return this.days(this.dayOf(now) - days, days);
  }

  /**
   * The window before, of equal length: as many local days when the window is of whole days (over a
   * change of daylight saving time it then lasts an hour more or less), else as many milliseconds.
   */
  previous({ from, to }: Window): Window {
    const first = this.dayOf(from);
    const end = this.dayOf(to);
    const whole = this.startOf(first) === from && this.startOf(end) === to;
    return whole
      ? this.days(first - (end - first), end - first)
      : { from: from - (to - from), to: from };
  }

  /** Mondays (ISO 8601 weeks) of all weeks that the window touches. */
  mondays({ from, to }: Window): number[] {
    const mondays: number[] = [];
    for (let day = mondayOf(this.dayOf(from)); this.startOf(day) < to; day += 7) mondays.push(day);
    return mondays;
  }
}

/** The Monday on or before a day. */
export function mondayOf(day: number): number {
  // Day 0 was a Thursday.
  return day - ((((day + 3) % 7) + 7) % 7);
}

/** A day as YYYY-MM-DD. */
export function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The day of a date YYYY-MM-DD; undefined of anything else. */
export function dayOfDate(date: string): number | undefined {
  const at = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at) || dateOf(at / DAY_MS) !== date) return undefined;
  return at / DAY_MS;
}
