import { describe, expect, it } from 'vitest';
import { placesOf } from '../../shared/i18n.ts';
import { dictionaries, type WordKey } from './dictionaries.ts';

const { en, nl, sv } = dictionaries;
const keys = Object.keys(en) as WordKey[];

describe.each([
  ['nl', nl],
  ['sv', sv],
])('%s', (_language, words) => {
  it('has every phrase, none empty, none left in English by mistake', () => {
    expect(Object.keys(words).sort()).toEqual([...keys].sort());
    const same = keys.filter(
      (key) => words[key] === en[key] && /[a-z]{6}/.test(en[key].replace(/\{\w+\}/g, '')),
    );
    expect(same).toEqual([]);
    for (const key of keys) expect(words[key].trim(), key).not.toBe('');
  });

  it('has the same places in each phrase', () => {
    for (const key of keys) expect(placesOf(words[key]), key).toEqual(placesOf(en[key]));
  });
});
