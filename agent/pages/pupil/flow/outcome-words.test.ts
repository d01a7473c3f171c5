import { describe, expect, it } from 'vitest';
import { AccessRefusal } from '../../../wire/signalling.ts';
import { dictionaries } from '../words/dictionaries.ts';
import { bindingWords, outcomeWords, refusalOf, refusalWords } from './outcome-words.ts';

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

  it('tells what no two reasons have in common, in every language', () => {
    for (const dictionary of Object.values(dictionaries)) {
      const told = AccessRefusal.options.map((reason) => {
        const { title, text } = refusalWords(reason);
        return `${dictionary[title]} ${dictionary[text]}`;
      });
      // Only `malformed` and `tooLong` are one to people: page and robot are of different versions.
      expect(new Set(told).size).toBe(AccessRefusal.options.length - 1);
    }
  });

  it('does not call a wrong secret too old, nor a robot that links no more devices absent', () => {
    expect(refusalWords('invitationUnknown').title).toBe('noInviteUnknown');
    expect(refusalWords('invitationExpired').title).toBe('noInviteOld');
    expect(bindingWords('notAvailable').title).toBe('bindUnavailable');
    expect(bindingWords('invitationUsed')).toBe(refusalWords('invitationUsed'));
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
