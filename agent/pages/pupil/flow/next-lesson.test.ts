import { expect, it } from 'vitest';
import { type Language, translator } from '../../shared/i18n.ts';
import { dictionaries } from '../words/dictionaries.ts';
import { nextLessonWords } from './next-lesson.ts';

const school = 'Europe/Amsterdam';
/** A Thursday, 16:00 in Amsterdam. */
const nowMs = Date.UTC(2026, 0, 15, 15);

function told(at: string, language: Language = 'en', zone = school, schoolZone = school) {
  const say = translator(dictionaries, language);
  const lesson = { from: Date.parse(at), zone: schoolZone };
  return nextLessonWords(lesson, { say, language, nowMs, zone });
}

it.each([
  ['2026-01-15T15:30:00Z', 'en', 'Your next lesson by robot: today 16:30'],
  ['2026-01-16T08:00:00Z', 'nl', 'Je volgende les met de robot: morgen 09:00'],
  ['2026-01-20T08:00:00Z', 'en', 'Your next lesson by robot: Tuesday 09:00'],
  ['2026-01-20T08:00:00Z', 'nl', 'Je volgende les met de robot: dinsdag 09:00'],
  ['2026-01-20T08:00:00Z', 'sv', 'Din nästa lektion med roboten: tisdag 09:00'],
  ['2026-03-30T07:30:00Z', 'en', 'Your next lesson by robot: Monday 30 March 09:30'],
] as const)('%s in %s', (at, language, words) => {
  expect(told(at, language)).toEqual({ next: words });
});

it('is in the pupil’s own time, with the school’s where that is another', () => {
  expect(told('2026-01-20T08:00:00Z', 'en', 'Europe/Helsinki')).toEqual({
    next: 'Your next lesson by robot: Tuesday 10:00',
    atSchool: 'At school it is then Tuesday 09:00.',
  });
  // Another name of the same time is no difference.
  expect(told('2026-01-20T08:00:00Z', 'en', 'Europe/Stockholm')?.atSchool).toBeUndefined();
});

it('says nothing of a lesson that has begun, and goes without a zone that it does not know', () => {
  expect(told('2026-01-15T15:00:00Z')).toBeUndefined();
  expect(told('2026-01-20T08:00:00Z', 'en', school, 'Mars/Olympus')).toEqual({
    next: 'Your next lesson by robot: Tuesday 09:00',
  });
});
