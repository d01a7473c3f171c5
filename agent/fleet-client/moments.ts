/** Moments as people say them, in their language. */
import type { Language } from '../../hal/common/phrases.ts';

const DAY_MS = 86_400_000;

/** Within six days the weekday says which day it is: “Tuesday 14:20”; else “1 Dec 2026, 14:20”. */
export function tellMoment(
  ms: number,
  { language, nowMs, zone }: { language: Language; nowMs: number; zone?: string },
): string {
  const where = zone === undefined ? {} : { timeZone: zone };
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const near = Math.abs(nowMs - ms) < 6 * DAY_MS;
  const day = near
    ? ({ weekday: 'long' } as const)
    : ({ day: 'numeric', month: 'short', year: 'numeric' } as const);
  // English as schools here write it: the day first.
  const region = language === 'en' ? 'en-GB' : language;
  const date = new Intl.DateTimeFormat(region, { ...day, ...where }).format(ms);
  const time = new Intl.DateTimeFormat(region, { ...clock, ...where }).format(ms);
  return near ? `${date} ${time}` : `${date}, ${time}`;
}
