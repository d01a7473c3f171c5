import { describe, expect, it } from 'vitest';
import { AccessRefusal } from '../../../../agent/wire/signalling.ts';
import { dictionaries } from '../words/dictionaries.ts';
import { outcomeWords, refusalOf, refusalWords } from './outcome-words.ts';

describe('how it ended', () => {
  it('has a title and a way on for every refusal, in every language', () => {
    for (const reason of AccessRefusal.options) {
      const words = refusalWords(reason);
      for (const dictionary of Object.values(dictionaries)) {
        expect(dictionary[words.title]).toBeTruthy();
        expect(dictionary[words.text]).toBeTruthy();
      }
    }
  });

  it('offers to try again only where that can help', () => {
    expect(outcomeWords({ kind: 'ended', why: 'lost' }).again).toBe(true);
    expect(outcomeWords({ kind: 'ended', why: 'revoked' }).again).toBe(false);
    expect(outcomeWords({ kind: 'refused', reason: 'forgedRobot' }).again).toBe(false);
  });

  it('reads the reason of typed errors and trusts no others', () => {
    expect(refusalOf({ reason: 'inUse' })).toBe('inUse');
    expect(refusalOf({ reason: 'notBound' })).toBe('unknownDevice');
    expect(refusalOf({ reason: 'constructor' })).toBe('failed');
    expect(refusalOf(new Error('odd'))).toBe('failed');
    expect(refusalOf(undefined)).toBe('failed');
  });
});
