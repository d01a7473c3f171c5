import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WeekLesson } from '../wire/timetable.ts';
import { formatWeekPlan, parseWeekPlan, rowErrorText } from './week-plan.ts';

it('reads what people type, in three languages and as a table', () => {
  const text =
    '# plan\nmon 09:00-09:45 Maths\n\nTisdag 8.15 – 9.00 Svenska (udda)\nwoe;13:00;13:50;"Gym";oneven\nzo 0900-1000';
  expect(parseWeekPlan(text)).toEqual({
    ok: true,
    week: [
      { day: 'mon', from: '09:00', to: '09:45', name: 'Maths' },
      { day: 'tue', from: '08:15', to: '09:00', name: 'Svenska', weeks: 'odd' },
      { day: 'wed', from: '13:00', to: '13:50', name: 'Gym', weeks: 'odd' },
      { day: 'sun', from: '09:00', to: '10:00' },
    ],
  });
});

it('names row and field of every error, and applies nothing', () => {
  const plan = parseWeekPlan('mon 09:00-09:45\nfoo 9:00\nma 25:00-26:00\ndi 10:00-09:00\nvr 9:00');
  expect(plan.ok ? [] : plan.errors.map(rowErrorText)).toEqual([
    'row 2, day: expected a day, as mon, ma or mån; got "foo"',
    'row 3, from: expected a time from 00:00 to 23:59, as 09:45',
    'row 4, to: expected a time after 10:00; got "09:00"',
    'row 5, to: expected a time, as 09:45; got ""',
  ]);
  expect(parseWeekPlan(' \n')).toMatchObject({ ok: false });
  expect(parseWeekPlan('mon 9:00-9:45\n'.repeat(200))).toMatchObject({ ok: false });
});

it('never throws; what it accepts it writes and reads again', () => {
  const row = fc.tuple(
    fc.constantFrom('mon', 'tis', 'vrijdag', 'x'),
    fc.constantFrom(' 9:00-10:00', ';8.30;9.15;', '\t10:00 11:00'),
    fc.oneof(fc.string(), fc.constantFrom(' Maths', ' odd', ' Gym (even)')),
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(row).map((rows) => rows.map((one) => one.join('')).join('\n')),
  );
  fc.assert(
    fc.property(text, (typed) => {
      const plan = parseWeekPlan(typed);
      if (!plan.ok) return;
      for (const lesson of plan.week) expect(WeekLesson.safeParse(lesson).success).toBe(true);
      expect(parseWeekPlan(formatWeekPlan(plan.week))).toMatchObject({ ok: true });
    }),
    { numRuns: 200 },
  );
});
