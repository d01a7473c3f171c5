/** Times in words, by the language of the page. */
import type { Language } from '../../shared/i18n.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** English as schools here write it: the day first. */
const region = (language: Language): string => (language === 'en' ? 'en-GB' : language);

/** Formatters are costly to make, and a long list needs one for each row. */
export class Times {
  private readonly relative: Intl.RelativeTimeFormat;
  private readonly moment: Intl.DateTimeFormat;
  private readonly day: Intl.DateTimeFormat;

  constructor(
    language: Language,
    private readonly justNow: string,
  ) {
    const where = region(language);
    this.relative = new Intl.RelativeTimeFormat(where, { numeric: 'auto', style: 'short' });
    this.moment = new Intl.DateTimeFormat(where, {
      ...({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const),
      hourCycle: 'h23',
    });
    this.day = new Intl.DateTimeFormat(where, { day: 'numeric', month: 'long', year: 'numeric' });
  }

  /** “3 min ago”. */
  ago(ms: number, nowMs: number): string {
    const past = Math.max(0, nowMs - ms);
    if (past < MINUTE_MS) return this.justNow;
    if (past < HOUR_MS) return this.relative.format(-Math.floor(past / MINUTE_MS), 'minute');
    if (past < 2 * DAY_MS) return this.relative.format(-Math.round(past / HOUR_MS), 'hour');
    return this.relative.format(-Math.round(past / DAY_MS), 'day');
  }

  at(ms: number): string {
    return this.moment.format(ms);
  }

  date(ms: number): string {
    return this.day.format(ms);
  }
}
