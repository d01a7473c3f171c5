import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig } from './config.ts';

const good = {
  robot: 'robot-1',
  broker: 'mqtts://broker.example:8883',
  brokerForPupils: 'wss://broker.example/mqtt',
  page: 'https://pupil.example/',
  link: '/run/deskmate/link/firmware.sock',
  admin: '/run/deskmate/admin.sock',
  data: '/var/lib/deskmate',
  drivers: '/usr/lib/deskmate/drivers.js',
  board: 'deskmate-1',
  logLevel: 'info',
};

function complaint(text: string | undefined): string {
  try {
    parseConfig(text);
    return 'none';
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message;
  }
}

describe('configuration', () => {
  it('is read, without relays unless it names some', () => {
    expect(parseConfig(JSON.stringify(good))).toEqual({
      ...good,
      ice: { servers: [], policy: 'all' },
    });
  });

  it.each([
    ['robot', 'Robot 1', /^robot: expected 1-32 of a-z/],
    ['broker', 'http://broker', /^broker: expected an address that starts with mqtt:/],
    ['page', 'nowhere', /^page: expected an address that starts with http:/],
    ['link', '', /^link: expected a path/],
    ['board', 'other', /^board: .*deskmate-1/],
    ['logLevel', 'loud', /^logLevel: .*debug/],
    ['ice', { servers: [{ urls: 'x' }], policy: 'all' }, /^ice\.servers\.0\.urls: expected/],
    ['colour', 'red', /colour/],
  ])('says which field is wrong and what was expected: %s', (field, value, expected) => {
    expect(complaint(JSON.stringify({ ...good, [field]: value }))).toMatch(expected);
  });

  it('says when there is no file, or no JSON', () => {
    expect(complaint(undefined)).toBe('(whole file): expected a file that can be read');
    expect(complaint('{"robot":')).toMatch(/^\(whole file\): expected JSON/);
    expect(complaint('{"ice": {"policy": "all",\n"policy": "relay"}}')).toMatch(
      /^ice\.policy: stands twice, in line 1, column 10 and in line 2, column 1/,
    );
  });

  it('answers any garbage with one line', () => {
    const field = fc.record({ key: fc.constantFrom(...Object.keys(good)), value: fc.jsonValue() });
    const bent = field.map(({ key, value }) => JSON.stringify({ ...good, [key]: value }));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), bent), (text) => {
        expect(complaint(text)).not.toContain('\n');
      }),
    );
  });
});
