/** Days of the calendar as numbers: whole days since 1970-01-01, without a time zone. */
import { DAYS, type DayName } from '../wire/timetable.ts';

const DAY_MS = 86_400_000;

/** `date`: YYYY-MM-DD. */
export function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

export function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** `time`: HH:MM. */
export function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** 0 to 1440. */
export function timeOf(minute: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** 0 is Monday; 1970-01-01 was a Thursday. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

export function dayNameOf(day: number): DayName {
  return DAYS[weekdayOf(day)] ?? 'mon';
}

/** Week of the year by ISO 8601: the one of its Thursday; week 1 has the first Thursday. */
export function isoWeekOf(day: number): number {
  const thursday = day - weekdayOf(day) + 3;
  const firstDay = Date.UTC(new Date(thursday * DAY_MS).getUTCFullYear(), 0, 1) / DAY_MS;
  return Math.floor((thursday - firstDay) / 7) + 1;
}
