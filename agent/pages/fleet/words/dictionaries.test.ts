import { describe, expect, it } from 'vitest';
import { placesOf } from '../../shared/i18n.ts';
import { dictionaries } from './dictionaries.ts';

const { en, nl, sv } = dictionaries;
const keys = Object.keys(en) as (keyof typeof en)[];

describe.each([
  ['nl', nl],
  ['sv', sv],
])('%s', (_language, words) => {
  it('has every phrase, none empty, with the same places', () => {
    expect(Object.keys(words).sort()).toEqual([...keys].sort());
    for (const key of keys) {
      expect(words[key].trim(), key).not.toBe('');
      expect(placesOf(words[key]), key).toEqual(placesOf(en[key]));
    }
  });
});
