import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAYS, type DatedLesson, type Holiday, Timetable, type WeekLesson } from './timetable.ts';
import { decodeTimetable, encodeTimetable, MAX_TIMETABLE_CODE_BYTES } from './timetable-code.ts';

const ID = '0123456789abcdef0123456789abcdef';
const plan = (fields: Partial<Timetable> = {}): Timetable => ({
  ...{ id: ID, version: 3, zone: 'Europe/Stockholm', phase: 4 },
  ...{ graceBeforeMin: 5, graceAfterMin: 10, week: [], dated: [], holidays: [] },
  ...fields,
});
const time = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

const date = fc
  .integer({ min: Date.UTC(2000, 0, 1) / 86_400_000, max: Date.UTC(2199, 11, 31) / 86_400_000 })
  .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));
const name = fc.option(
  fc
    .string({ maxLength: 12, unit: 'grapheme' })
    .filter((text) => /^\P{Cc}*$/u.test(text) && text.length <= 60),
  { nil: undefined },
);
const span = fc
  .tuple(fc.integer({ min: 0, max: 1_439 }), fc.integer({ min: 1, max: 300 }))
  .map(([from, length]) => ({ from: time(from), to: time(Math.min(1_440, from + length)) }));
const dates = fc.tuple(date, date).map(([a, b]) => (a < b ? [a, b] : [b, a]) as [string, string]);
const named = name.map((text) => (text === undefined ? {} : { name: text }));
const week: fc.Arbitrary<WeekLesson> = fc
  .tuple(
    fc.constantFrom(...DAYS),
    span,
    named,
    fc.constantFrom('odd', 'even', ''),
    fc.option(dates),
  )
  .map(([day, times, label, weeks, valid]) => ({
    ...{ day, ...times, ...label },
    ...(weeks !== '' && { weeks }),
    ...(valid && { validFrom: valid[0], validUntil: valid[1] }),
  })) as fc.Arbitrary<WeekLesson>;
const dated: fc.Arbitrary<DatedLesson> = fc
  .tuple(date, span, named)
  .map(([day, times, label]) => ({ date: day, ...times, ...label }));
const holiday: fc.Arbitrary<Holiday> = fc
  .tuple(dates, named)
  .map(([[from, until], label]) => ({ from, until, ...label }));
const byText = (a: DatedLesson, b: DatedLesson): number => {
  const [x, y] = [a, b].map((one) => `${one.date} ${one.from} ${one.to}`);
  return (x ?? '') < (y ?? '') ? -1 : x === y ? 0 : 1;
};

describe('compact form of a timetable', () => {
  it('says the same after a way through it', () => {
    fc.assert(
      fc.property(
        fc.array(week, { maxLength: 5 }),
        fc.array(dated, { maxLength: 5 }),
        fc.array(holiday, { maxLength: 3 }),
        fc.option(dates),
        (lessons, once, holidays, bounds) => {
          const given = plan({
            ...{ week: lessons, dated: [...once].sort(byText), holidays },
            ...(bounds && { from: bounds[0], until: bounds[1] }),
          });
          const code = encodeTimetable(given);
          expect(code.ok && decodeTimetable(code.value)).toEqual({ ok: true, value: given });
        },
      ),
      { numRuns: 30 },
    );
  });

  it('never throws, whatever arrives, and what it accepts is a timetable', () => {
    const known = encodeTimetable(
      plan({ dated: [{ date: '2027-01-11', from: '09:00', to: '10:00' }] }),
    );
    const good = known.ok ? known.value : '';
    const cells = fc.array(fc.array(fc.nat(2_000_000), { maxLength: 8 }), { maxLength: 6 });
    const bent = fc
      .record({ w: cells, o: cells, h: cells, n: fc.array(fc.string()), p: fc.nat(8) })
      .map((fields) => JSON.stringify({ ...JSON.parse(good), ...fields }));
    const cut = fc.nat(good.length).map((at) => good.slice(0, at));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), bent, cut), (text) => {
        const decoded = decodeTimetable(text);
        if (decoded.ok) expect(Timetable.safeParse(decoded.value).success).toBe(true);
        else expect(decoded.why).not.toBe('');
      }),
      { numRuns: 150 },
    );
  });

  it('fits into a QR code: a week plan of 20 lessons, below 900 bytes', () => {
    const subjects = ['Mathematics', 'Swedish', 'English', 'Natural science', 'Music', 'History'];
    const lessons = DAYS.slice(0, 5).flatMap((day) =>
      [500, 555, 620, 780].map((from, at): WeekLesson => {
        const subject = subjects[(at * 3 + DAYS.indexOf(day)) % 6] ?? '';
        const valid = { validFrom: '2026-08-17', validUntil: '2027-06-11' };
        return {
          day,
          from: time(from),
          to: time(from + 50),
          name: subject,
          weeks: 'odd',
          ...valid,
        };
      }),
    );
    const holidays = [{ from: '2026-10-26', until: '2026-10-30', name: 'Autumn' }];
    const code = encodeTimetable(plan({ week: lessons, holidays }));
    expect(code.ok && new TextEncoder().encode(code.value).length).toBeLessThan(900);
  });

  it('fits into an order: a school year of dated lessons', () => {
    const year = Array.from({ length: 1_000 }, (_, n): DatedLesson => {
      const day = new Date(Date.UTC(2026, 7, 17 + Math.floor(n / 4))).toISOString().slice(0, 10);
      return {
        date: day,
        from: time(500 + (n % 4) * 60),
        to: time(545 + (n % 4) * 60),
        name: `S${n % 12}`,
      };
    });
    const code = encodeTimetable(plan({ dated: year }));
    expect(code.ok && code.value.length).toBeLessThan(MAX_TIMETABLE_CODE_BYTES);
  });

  it('refuses one that is too long, a newer format, and names without an entry', () => {
    const long = Array.from({ length: 1_500 }, (_, n): DatedLesson => {
      const day = new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10);
      return { date: day, from: '08:00', to: '09:00', name: `a long name, number ${n}` };
    });
    expect(encodeTimetable(plan({ dated: long }))).toMatchObject({ ok: false, where: 'timetable' });
    expect(decodeTimetable('{"t":2}')).toMatchObject({ ok: false, where: 't' });
    const bent = `{"t":1,"i":"${ID}","v":1,"z":"UTC","p":1,"g":[0,0],"w":[[0,540,45,7]]}`;
    expect(decodeTimetable(bent)).toMatchObject({ ok: false, where: 'week.0.name' });
    expect(decodeTimetable(bent.replace(',7', ''))).toMatchObject({ ok: true });
    const nowhere = bent.replace(',7', '').replace('UTC', 'Europe/Nowhere');
    expect(decodeTimetable(nowhere)).toMatchObject({ ok: false, where: 'zone' });
  });

  it('names the field of what is no lesson', () => {
    const lesson = { day: 'mon', from: '10:00', to: '09:00' };
    const issue = Timetable.safeParse({ ...plan(), week: [lesson] }).error?.issues[0];
    expect(issue?.path).toEqual(['week', 0, 'to']);
    expect(Timetable.safeParse({ ...plan(), from: '2027-02-30' }).success).toBe(false);
    expect(Timetable.safeParse({ ...plan(), newer: 1 }).data).toMatchObject({ newer: 1 });
  });
});
