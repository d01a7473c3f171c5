import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Timetable } from '../wire/timetable.ts';
import { dateOf, dayNameOf, isoWeekOf, minuteOf, timeOf } from './civil.ts';
import { Lessons } from './lessons.ts';
import { ID, timetable } from './testing/timetables.ts';
import { ZoneTime } from './zone-time.ts';

const at = (text: string): number => Date.parse(text);
const iso = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 16);
const of = (fields: Partial<Timetable> = {}): Lessons => new Lessons(timetable(fields));
const year = [at('2026-08-01T00:00Z'), at('2027-08-01T00:00Z')] as const;

describe('calendar', () => {
  it('knows days and ISO weeks, also around New Year', () => {
    const dayOfDate = (text: string): number => at(`${text}T00:00Z`) / 86_400_000;
    for (const [date, week, day] of [
      ['2026-12-31', 53, 'thu'],
      ['2027-01-03', 53, 'sun'],
      ['2027-01-04', 1, 'mon'],
      ['2024-12-30', 1, 'mon'],
      ['2026-11-27', 48, 'fri'],
    ] as const)
      expect([isoWeekOf(dayOfDate(date)), dayNameOf(dayOfDate(date))]).toEqual([week, day]);
    expect([dateOf(0), minuteOf('24:00'), timeOf(1_440)]).toEqual(['1970-01-01', 1_440, '24:00']);
  });
});

describe('time of a zone', () => {
  it('takes a skipped time by the offset before, and a doubled time as the first', () => {
    for (const zone of ['Europe/Amsterdam', 'Europe/Stockholm']) {
      const time = new ZoneTime(zone);
      const when = (date: string, minute: number): string | undefined =>
        iso(time.instantOf(at(`${date}T00:00Z`) / 86_400_000, minute));
      expect(when('2027-03-28', 150)).toBe('2027-03-28T01:30');
      expect(when('2027-03-28', 180)).toBe('2027-03-28T01:00');
      expect(when('2026-10-25', 150)).toBe('2026-10-25T00:30');
      expect(when('2026-10-25', 180)).toBe('2026-10-25T02:00');
      expect(when('2027-01-11', 540)).toBe('2027-01-11T08:00');
      expect(when('2027-07-12', 540)).toBe('2027-07-12T07:00');
    }
  });

  it('comes back to the same minute, in any zone, but for those that do not exist', () => {
    const zones = ['Europe/Amsterdam', 'America/St_Johns', 'Pacific/Apia', 'UTC'];
    const times = zones.map((zone) => new ZoneTime(zone));
    fc.assert(
      fc.property(
        fc.constantFrom(...times),
        fc.integer({ min: 17_000, max: 24_000 }),
        fc.nat(1_439),
        (time, day, minute) => {
          const back = time.localOf(time.instantOf(day, minute));
          const late = (back.day - day) * 1_440 + back.minute - minute;
          expect(late === 0 || late === 60).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('lessons', () => {
  it('are at nine on the wall, summer and winter', () => {
    const lessons = of();
    expect(iso(lessons.nextLesson(at('2026-10-19T20:00Z'))?.from)).toBe('2026-10-26T08:00');
    expect(iso(lessons.nextLesson(at('2026-10-18T20:00Z'))?.from)).toBe('2026-10-19T07:00');
    expect(lessons.lessonAt(at('2026-10-26T08:44:59Z'))).toMatchObject({ name: 'Maths' });
    expect(lessons.lessonAt(at('2026-10-26T08:45Z'))).toBeUndefined();
  });

  it('are none in holidays, outside the dates, and in the other weeks', () => {
    const holidays = [{ from: '2026-10-26', until: '2026-10-30' }];
    const start = at('2026-10-20T00:00Z');
    expect(iso(of({ holidays }).nextLesson(start)?.from)).toBe('2026-11-02T08:00');
    expect(of({ until: '2026-10-25' }).nextLesson(start)).toBeUndefined();
    expect(iso(of({ from: '2027-01-01' }).nextLesson(start)?.from)).toBe('2027-01-04T08:00');
    const odd = of({ week: [{ day: 'mon', from: '09:00', to: '09:45', weeks: 'odd' }] });
    // Week 53 of 2026 and week 1 of 2027 are both odd.
    expect(
      odd
        .lessonsBetween(at('2026-12-20T00:00Z'), at('2027-01-20T00:00Z'))
        .map(({ from }) => iso(from)),
    ).toEqual([...['2026-12-28T08:00', '2027-01-04T08:00', '2027-01-18T08:00']]);
  });

  it('merge for waking and not for accounting', () => {
    const week = [
      { day: 'mon', from: '09:00', to: '10:00' },
      { day: 'mon', from: '09:30', to: '10:30' },
      { day: 'mon', from: '10:40', to: '11:00' },
      { day: 'mon', from: '13:00', to: '14:00' },
    ] as const;
    const lessons = of({ week: [...week] });
    const window = lessons.windowAt(at('2027-01-11T09:35Z'));
    expect([iso(window?.from), iso(window?.until)]).toEqual([
      '2027-01-11T07:55',
      '2027-01-11T10:10',
    ]);
    expect(window?.lessons).toHaveLength(3);
    expect(lessons.plannedMinutes(at('2027-01-11T00:00Z'), at('2027-01-12T00:00Z'))).toBe(200);
    expect(lessons.plannedMinutes(at('2027-01-11T08:30Z'), at('2027-01-11T08:45Z'))).toBe(30);
    expect(lessons.windowAt(at('2027-01-11T10:10Z'))).toBeUndefined();
  });

  it('plan as many minutes in parts as in one piece', () => {
    const lessons = of({ holidays: [{ from: '2026-12-21', until: '2027-01-01' }] });
    const whole = lessons.plannedMinutes(...year);
    fc.assert(
      fc.property(fc.integer({ min: year[0], max: year[1] }), (cut) => {
        const parts = lessons.plannedMinutes(year[0], cut) + lessons.plannedMinutes(cut, year[1]);
        expect(parts).toBeCloseTo(whole, 6);
      }),
      { numRuns: 20 },
    );
  });

  it('include what a teacher allows, also in a holiday', () => {
    const from = at('2026-10-28T13:00Z');
    const allowed = { id: ID, from, until: from + 3_600_000 };
    const table = timetable({ holidays: [{ from: '2026-10-26', until: '2026-10-30' }] });
    const lessons = new Lessons(table, [allowed]);
    expect(lessons.nextLesson(at('2026-10-27T00:00Z'))).toMatchObject({ from, allowed: ID });
    expect(lessons.lessonAt(from)).toMatchObject({ allowed: ID });
  });

  it('end at midnight, and are listed for at most 800 days', () => {
    const lessons = of({ week: [], dated: [{ date: '2027-01-11', from: '23:00', to: '24:00' }] });
    expect(lessons.plannedMinutes(...year)).toBe(60);
    expect(() => lessons.lessonsBetween(0, year[1])).toThrow('800 days');
    expect(() => new Lessons(timetable(), [], new ZoneTime('UTC'))).toThrow('zone');
  });
});
