/** When the next lesson is, in words that a pupil uses: "tomorrow 09:00". */
import type { NextLesson } from '../../../wire/next-lesson.ts';
import type { Language } from '../../shared/i18n.ts';
import type { Say } from '../words/dictionaries.ts';

/** Within this many days a day of the week names one day. */
const WEEK_DAYS = 6;
const DAY_MS = 86_400_000;

interface Reader {
  readonly say: Say;
  readonly language: Language;
  readonly nowMs: number;
  /** Time zone of the pupil's device; undefined: its own. */
  readonly zone?: string;
}

export interface NextLessonWords {
  readonly next: string;
  /** When the school's clock shows another time. */
  readonly atSchool?: string;
}

/** Undefined without a date that can be shown, or when it has begun meanwhile. */
export function nextLessonWords(
  { from, zone }: NextLesson,
  reader: Reader,
): NextLessonWords | undefined {
  if (!(from > reader.nowMs)) return undefined;
  const own = whenIn(from, reader, reader.zone);
  const school = isZone(zone) ? whenIn(from, reader, zone) : own;
  const { say } = reader;
  return {
    next: say('nextLesson', { when: own }),
    ...(school !== own && { atSchool: say('nextAtSchool', { when: school }) }),
  };
}

function whenIn(at: number, reader: Reader, timeZone: string | undefined): string {
  const { say, language, nowMs } = reader;
  const written = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
      ...options,
      ...(timeZone !== undefined && { timeZone }),
    }).format(at);
  const time = written({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const days = dayIn(at, timeZone) - dayIn(nowMs, timeZone);
  if (days === 0) return say('nextToday', { time });
  if (days === 1) return say('nextTomorrow', { time });
  const near = days <= WEEK_DAYS;
  const day = written({ weekday: 'long', ...(!near && { day: 'numeric', month: 'long' }) });
  return `${day} ${time}`;
}

/** The day on a clock of this zone, as a number of days. */
function dayIn(at: number, timeZone: string | undefined): number {
  const parts = new Intl.DateTimeFormat('en', {
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...(timeZone !== undefined && { timeZone }),
  }).formatToParts(at);
  const of = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(of('year'), of('month') - 1, of('day')) / DAY_MS;
}

/** Whether this browser knows it. */
function isZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}
