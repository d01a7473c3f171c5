import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Timetable } from '../wire/timetable.ts';
import { MAX_CALENDAR_BYTES } from './calendar-blocks.ts';
import { type CalendarBase, calendarIssueText, readCalendar } from './icalendar.ts';
import { ID } from './testing/timetables.ts';

const base: CalendarBase = {
  ...{ id: ID, version: 1, zone: 'Europe/Amsterdam', phase: 3 },
  ...{ graceBeforeMin: 5, graceAfterMin: 5, from: '2026-08-17', until: '2027-06-11' },
};
const calendar = (...lines: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const event = (...lines: string[]): string[] => ['BEGIN:VEVENT', 'UID:a', ...lines, 'END:VEVENT'];
const nine = ['DTSTART;TZID=Europe/Amsterdam:20270111T090000', 'DURATION:PT45M', 'SUMMARY:Maths'];
const read = (...lines: string[]) => readCalendar(calendar(...lines), base);

/** `2027-01-11 09:00-09:45 Maths`; or the errors. */
function lessons(...lines: string[]): string[] {
  const result = read(...lines);
  if (!result.ok) return result.errors.map(calendarIssueText);
  return result.timetable.dated.map(({ date, from, to, name }) =>
    [date, `${from}-${to}`, name].filter(Boolean).join(' '),
  );
}

describe('lessons of a calendar', () => {
  it('are at their time on the wall of the school', () => {
    const at = (start: string, end: string): string[] => lessons(...event(start, end));
    for (const [start, end] of [
      ['DTSTART:20270111T080000Z', 'DTEND:20270111T084500Z'],
      ['DTSTART:20270111T090000', 'DURATION:PT45M'],
      [
        'DTSTART;TZID=Europe/Helsinki:20270111T100000',
        'DTEND;TZID=Europe/Helsinki:20270111T104500',
      ],
      ['DTSTART;TZID="W. Europe Standard Time":20270111T090000', 'DURATION:P0DT0H45M0S'],
      ['DTSTART;TZID=/example.org/20070129_1/Europe/Stockholm:20270111T090000', 'DURATION:PT45M'],
    ] as const)
      expect(at(start, end)).toEqual(['2027-01-11 09:00-09:45']);
    const london = [
      'X-WR-TIMEZONE:Europe/London',
      ...event('DTSTART:20270111T080000', 'DURATION:PT45M'),
    ];
    expect(lessons(...london)).toEqual(['2027-01-11 09:00-09:45']);
  });

  it('repeat by the wall, with exceptions, additions and changed occurrences', () => {
    const rule = 'RRULE:FREQ=WEEKLY;WKST=MO;UNTIL=20270201T080000Z;BYDAY=MO';
    const moved = [
      'DTSTART;TZID=Europe/Amsterdam:20270126T130000',
      'DURATION:PT30M',
      'SUMMARY:Moved',
    ];
    const cancelled = 'RECURRENCE-ID;TZID=Europe/Amsterdam:20270201T090000';
    expect(
      lessons(
        ...event(
          ...nine,
          rule,
          'EXDATE;TZID=Europe/Amsterdam:20270118T090000',
          'RDATE:20270119T080000Z',
        ),
        ...event(...moved, 'RECURRENCE-ID:20270125T080000Z'),
        ...event(...nine, cancelled, 'STATUS:CANCELLED'),
      ),
    ).toEqual([
      ...['2027-01-11 09:00-09:45 Maths', '2027-01-19 09:00-09:45 Maths'],
      '2027-01-26 13:00-13:30 Moved',
    ]);
    const summer = ['DTSTART;TZID=Europe/Amsterdam:20261019T090000', 'DURATION:PT45M'];
    const nineAlways = lessons(...event(...summer, 'RRULE:FREQ=WEEKLY;COUNT=3'));
    expect(nineAlways.map((one) => one.slice(5, 16))).toEqual([
      '10-19 09:00',
      '10-26 09:00',
      '11-02 09:00',
    ]);
  });

  it('follow intervals, months and the n-th weekday', () => {
    const days = (rule: string): string[] =>
      lessons(...event(...nine, `RRULE:${rule}`)).map((one) => one.slice(0, 10));
    expect(days('FREQ=WEEKLY;INTERVAL=2;COUNT=3')).toEqual([
      '2027-01-11',
      '2027-01-25',
      '2027-02-08',
    ]);
    expect(days('FREQ=MONTHLY;BYDAY=-1MO;COUNT=3')).toEqual([
      '2027-01-11',
      '2027-01-25',
      '2027-02-22',
    ]);
    expect(days('FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3')).toEqual([
      '2027-01-11',
      '2027-01-31',
      '2027-02-28',
    ]);
    expect(days('FREQ=DAILY;BYDAY=MO,TU;COUNT=3')).toEqual([
      '2027-01-11',
      '2027-01-12',
      '2027-01-18',
    ]);
    expect(days('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30')).toEqual(['2027-01-11']);
    expect(days('FREQ=DAILY;COUNT=99999999')).toHaveLength(152);
  });

  it('are taken from what Outlook writes: a zone of its own, and whole days as times', () => {
    const zone = (name: string, to: string): string[] => [
      ...[
        `BEGIN:${name}`,
        'DTSTART:16011028T030000',
        'TZOFFSETFROM:+0100',
        `TZOFFSETTO:${to}`,
        `END:${name}`,
      ],
    ];
    const custom = (summer: string): string[] => [
      ...['BEGIN:VTIMEZONE', 'TZID:Customized Time Zone', ...zone('STANDARD', '+0100')],
      ...[...zone('DAYLIGHT', summer), 'END:VTIMEZONE'],
      ...event('DTSTART;TZID=Customized Time Zone:20270111T090000', 'DURATION:PT45M'),
    ];
    expect(lessons(...custom('+0200'))).toEqual(['2027-01-11 09:00-09:45']);
    expect(lessons(...custom('+0300'))[0]).toContain('DTSTART: expected a time zone that is known');
    const days = ['DTSTART:20261026T000000', 'DTEND:20261031T000000', 'SUMMARY:Herfstvakantie'];
    const result = read(...event(...days));
    expect(result.ok && result.timetable.holidays).toEqual([
      { from: '2026-10-26', until: '2026-10-30', name: 'Herfstvakantie' },
    ]);
  });

  it('are not made of whole days: holidays are, others are left out with a note', () => {
    const lov = event(
      'DTSTART;VALUE=DATE:20270222',
      'DTEND;VALUE=DATE:20270227',
      'SUMMARY:Sportlov',
    );
    const photo = event('DTSTART;VALUE=DATE:20270111', 'SUMMARY:School photo');
    const result = read(...lov, ...photo);
    expect(result).toMatchObject({ ok: true, notes: [{ event: 'School photo' }] });
    expect(result.ok && result.timetable.holidays[0]).toMatchObject({ until: '2027-02-26' });
  });
});

describe('a calendar that cannot be used', () => {
  it('is refused whole, with line, event and property', () => {
    const one = (...lines: string[]): string | undefined =>
      lessons(...event(...nine), ...event('SUMMARY:Gym', ...lines)).at(-1);
    const start = 'DTSTART:20270111T080000Z';
    for (const [lines, expected] of [
      [
        [start, 'DURATION:PT45M', 'RRULE:FREQ=SECONDLY'],
        'line 14 ("Gym"), RRULE: freq: expected FREQ=',
      ],
      [[start, 'DURATION:PT45M', 'RRULE:FREQ=WEEKLY;BYSETPOS=1'], 'expected no BYSETPOS'],
      [[start], 'line 12 ("Gym"), DTSTART: expected DTEND or DURATION'],
      [['DTSTART:20270230T990000', 'DURATION:PT45M'], 'DTSTART: expected a date or date-time'],
      [[start, 'DURATION:-PT45M'], 'DURATION: expected a duration'],
      [[start, 'DTEND:20270111T070000Z'], 'DTEND: expected an end after the start'],
      [['DTSTART;TZID=Mars:20270111T080000', 'DURATION:PT1H'], 'got "Mars"'],
      [['DTSTART:20270111T220000Z', 'DURATION:PT3H'], 'expected an end on the same day'],
      [[start, 'DURATION:PT1H', 'RECURRENCE-ID;RANGE=THISANDFUTURE:20270111T080000Z'], 'no RANGE'],
      [['DTSTART'], 'VEVENT: invalid line'],
    ] as const)
      expect(one(...lines)).toContain(expected);
  });

  it('says what is wrong with the file', () => {
    const why = (file: string | Uint8Array): string => {
      const result = readCalendar(file, base);
      return result.ok ? 'ok' : result.errors.map(calendarIssueText).join();
    };
    expect(why('')).toContain('expected BEGIN:VCALENDAR');
    expect(why('<html>')).toContain('iCalendar');
    expect(why(Uint8Array.of(0x42, 0xff, 0xfe))).toContain('UTF-8');
    expect(why('BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a')).toContain('cut off');
    expect(why('x'.repeat(MAX_CALENDAR_BYTES + 1))).toContain('4 MiB');
    const utf16 = Buffer.from(`\uFEFF${calendar(...event(...nine))}`, 'utf16le');
    expect(why(utf16)).toBe('ok');
    const daily = event(...nine, 'RRULE:FREQ=DAILY').join('\r\n');
    const many = Array.from({ length: 12 }, (_, n) => daily.replace('Maths', `M${n}`));
    expect(why(calendar(...many))).toContain('expected at most 1600 lessons');
  });

  it('never throws, and what it accepts is a timetable', () => {
    const word = fc.constantFrom(
      ...['BEGIN:VEVENT', 'END:VEVENT', 'BEGIN:VTIMEZONE', 'END:VTIMEZONE', 'UID:a', ' folded'],
      ...[
        'DTSTART:20270111T080000Z',
        'DTSTART;VALUE=DATE:20270111',
        'DURATION:PT45M',
        'DURATION:P99W',
      ],
      ...[
        'RRULE:FREQ=DAILY;COUNT=5',
        'RRULE:FREQ=YEARLY;BYDAY=53MO',
        'EXDATE:20270112T080000Z',
        'EXDATE:',
      ],
      ...[
        'RDATE;VALUE=PERIOD:20270111T080000Z/PT1H',
        'STATUS:CANCELLED',
        'RECURRENCE-ID:20270111T080000Z',
      ],
      ...[
        'SUMMARY:\u0000holiday',
        'TZID:x',
        'DTSTART;TZID="x:1',
        ':',
        ';',
        'DTEND:00000000T000000',
      ],
    );
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 9, arbitrary: word }, fc.string())), (lines) => {
        const file = calendar('BEGIN:VEVENT', ...lines, 'END:VEVENT');
        const result = readCalendar(file, base);
        if (result.ok) expect(Timetable.safeParse(result.timetable).success).toBe(true);
        else expect(result.errors.length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });
});
