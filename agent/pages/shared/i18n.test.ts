import { describe, expect, it } from 'vitest';
import { pickLanguage, placesOf, translator } from './i18n.ts';

describe('language', () => {
  it('is what was chosen, else what the browser speaks, else English', () => {
    expect(pickLanguage('sv', ['nl-NL'])).toBe('sv');
    expect(pickLanguage(null, ['de-DE', 'nl-BE', 'en'])).toBe('nl');
    expect(pickLanguage(null, ['sv'])).toBe('sv');
    expect(pickLanguage('xx', ['fr'])).toBe('en');
    expect(pickLanguage(null, [])).toBe('en');
  });
});

describe('phrases', () => {
  const en = { plain: 'Hello', placed: 'Try {attempt} of {all}' } as const;
  const words = { en, nl: en, sv: { plain: 'Hej', placed: '{all}: försök {attempt}' } };

  it('fill their places, wherever a language puts them', () => {
    expect(translator<typeof en>(words, 'en')('placed', { attempt: 2, all: 5 })).toBe('Try 2 of 5');
    expect(translator<typeof en>(words, 'sv')('placed', { attempt: 2, all: 5 })).toBe(
      '5: försök 2',
    );
    expect(translator<typeof en>(words, 'sv')('plain')).toBe('Hej');
  });

  it('tell their places', () => {
    expect(placesOf(en.placed)).toEqual(['all', 'attempt']);
    expect(placesOf(en.plain)).toEqual([]);
  });
});

describe('numbers in phrases', () => {
  const en = { turn: '{degrees} {degrees?degree|degrees} left', bare: 'in {seconds} s' } as const;
  const words = {
    en,
    nl: { turn: '{degrees} {degrees?graad|graden} naar links', bare: 'over {seconds} s' },
    sv: { turn: '{degrees} {degrees?grad|grader} åt vänster', bare: 'om {seconds} s' },
  };
  const say = (language: 'en' | 'nl' | 'sv') => translator<typeof en>(words, language);

  it('choose the form that each language has for them', () => {
    expect([0, 1, 1.5, 2].map((degrees) => say('en')('turn', { degrees }))).toEqual([
      ...['0 degrees left', '1 degree left', '1.5 degrees left', '2 degrees left'],
    ]);
    expect(say('nl')('turn', { degrees: 1 })).toBe('1 graad naar links');
    expect(say('nl')('turn', { degrees: 12 })).toBe('12 graden naar links');
    expect(say('sv')('turn', { degrees: 1 })).toBe('1 grad åt vänster');
    expect(say('sv')('turn', { degrees: '2' })).toBe('2 grader åt vänster');
  });

  it('are written with the decimal sign of the language, and not grouped', () => {
    expect(say('en')('bare', { seconds: 4.5 })).toBe('in 4.5 s');
    expect(say('nl')('bare', { seconds: 4.5 })).toBe('over 4,5 s');
    expect(say('sv')('bare', { seconds: 12_000.5 })).toBe('om 12000,5 s');
  });

  it('count as one place, however often they stand there', () => {
    expect(placesOf(en.turn)).toEqual(['degrees']);
  });
});
