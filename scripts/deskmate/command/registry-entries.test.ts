import { describe, expect, it } from 'vitest';
import { entriesOf, meant, namesOf, type RegistryEntry } from './registry-entries.ts';

const thumbprint = (start: string): string => start.padEnd(43, 'x');
const bound = (device: string) => ({ device, boundAt: 0, lastUsedAt: null });

describe('names of devices', () => {
  it('are eight characters, more where those do not tell devices apart', () => {
    const devices = ['abcdefgh1', 'abcdefgh2', 'zyxwvuts'].map(thumbprint);
    expect(namesOf(devices)).toEqual(['abcdefgh1', 'abcdefgh2', 'zyxwvuts']);
    expect(namesOf([])).toEqual([]);
  });

  it('never begin like an option', () => {
    const [name = ''] = namesOf([thumbprint('--Abcdefghijk')]);
    expect(name).toBe('Abcdefgh');
  });
});

describe('who is meant', () => {
  const invitation = (id: string, state: 'open' | 'used' | 'unclear') => ({
    ...{ id, state, issuedAt: 0, expiresAt: 1 },
  });
  const entries = entriesOf(
    [bound(thumbprint('abcd1')), bound(thumbprint('abcd2')), bound(thumbprint('-dash'))],
    [
      invitation('abcdef01', 'open'),
      invitation('0badcafe', 'used'),
      invitation('feedf00d', 'unclear'),
    ],
  );
  const ids = (found: RegistryEntry[]) => found.map(({ id }) => id.slice(0, 5));

  it.each([
    ['abcd1', ['abcd1']],
    ['abcd', ['abcd1', 'abcd2', 'abcde']],
    ['abcdef01', ['abcde']],
    [thumbprint('abcd2'), ['abcd2']],
    ['dash', ['-dash']],
    ['-das', ['-dash']],
    ['ABCD1', []],
    ['0bad', []],
    // Unknown whether it has expired: it can be revoked.
    ['feed', ['feedf']],
  ])('by %s', (typed, expected) => {
    expect(ids(meant(typed, entries))).toEqual(expected);
  });
});
