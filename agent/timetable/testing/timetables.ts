import type { Moment } from '../../time/moment.ts';
import type { Timetable, WeekLesson } from '../../wire/timetable.ts';

export const ID = '0123456789abcdef0123456789abcdef';

export const monday: WeekLesson = { day: 'mon', from: '09:00', to: '09:45', name: 'Maths' };

export function timetable(fields: Partial<Timetable> = {}): Timetable {
  return {
    ...{ id: ID, version: 1, zone: 'Europe/Amsterdam', phase: 2 },
    ...{ graceBeforeMin: 5, graceAfterMin: 10, week: [monday], dated: [], holidays: [] },
    ...fields,
  };
}

/** A moment by a clock that the machine vouches for. */
export function moment(wallMs: number, fields: Partial<Moment> = {}): Moment {
  return {
    ...{ monotonicMs: 1_000_000, boot: 'a', wallMs, trust: 'sure', source: 'system' },
    ...fields,
  };
}
