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
