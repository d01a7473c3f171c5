import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../hal/common/config-file.ts';
import { parseConfig } from './config.ts';

const good = {
  robot: 'robot-1',
  broker: 'mqtts://broker.example:8883',
  brokerForPupils: 'wss://broker.example/mqtt',
  page: 'https://pupil.example/',
  link: '/run/deskmate/link/firmware.sock',
  admin: '/run/deskmate/admin.sock',
  data: '/var/lib/deskmate',
  media: '/run/deskmate-media/media.sock',
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
  it('is read; no relays unless configured', () => {
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
    ['media', '', /^media: expected a path/],
    ['logLevel', 'loud', /^logLevel: .*debug/],
    ['ice', { servers: [{ urls: 'x' }], policy: 'all' }, /^ice\.servers\.0\.urls: expected/],
    ['brokerCA', '/ca.pem', /^brokerCA: is unknown; did you mean "brokerCa"\?/],
  ])('says which field is wrong and what was expected: %s', (field, value, expected) => {
    expect(complaint(JSON.stringify({ ...good, [field]: value }))).toMatch(expected);
  });

  it('of a newer version is read; unknown keys are ignored, each with a note', () => {
    const notes: string[] = [];
    const server = { urls: 'stun:relay.example', since: 2027 };
    const newer = {
      ...{ ...good, colour: 'red', loglevel: 'debug', Fleetkey: 'x'.repeat(43) },
      ice: { servers: [server], policy: 'all', mode: 'fast' },
    };
    expect(parseConfig(JSON.stringify(newer), (line) => notes.push(line))).toEqual({
      ...good,
      ice: { servers: [{ urls: 'stun:relay.example', for: 'both' }], policy: 'all' },
    });
    expect(notes.sort()).toEqual([
      'Fleetkey: unknown to this version, passed over; did you mean "fleetKey"?',
      'colour: unknown to this version, passed over',
      'ice.mode: unknown to this version, passed over',
      'ice.servers.0.since: unknown to this version, passed over',
      'loglevel: unknown to this version, passed over',
    ]);
  });

  const relay = { urls: 'turn:relay.example', username: 'u', credential: 'c' };
  it.each<[object, RegExp]>([
    [{ ICE: { servers: [], policy: 'relay' } }, /^ICE: is unknown; did you mean "ice"\?$/],
    [{ broker_ca: '/ca.pem' }, /^broker_ca: .*"brokerCa"/],
    [{ ice: { servers: [], policy: 'all', CA: '/ca.pem' } }, /^ice\.CA: .*"ice\.ca"/],
    [
      { ice: { servers: [{ ...relay, fro: 'robot' }], policy: 'all' } },
      /^ice\.servers\.0\.fro: .*"ice\.servers\.for"/,
    ],
    [
      { ice: { servers: [{ ...relay, credentialTTLs: 300 }], policy: 'all' } },
      /^ice\.servers\.0\.credentialTTLs: /,
    ],
  ])('is refused where a misspelt field would open something: %j', (change, expected) => {
    expect(complaint(JSON.stringify({ ...good, ...change }))).toMatch(expected);
  });

  it('has a default for the media socket, which older files lack', () => {
    const { media, ...before } = good;
    expect(parseConfig(JSON.stringify(before)).media).toBe(media);
  });

  it('is refused for missing or invalid keys, whatever else it holds', () => {
    const { broker, ...rest } = good;
    expect(complaint(JSON.stringify({ ...rest, brokr: broker }))).toMatch(
      /^broker: .*; is "brokr" a misspelling of it\?$/,
    );
    expect(complaint(JSON.stringify({ ...good, link: 7, colour: 1 }))).toMatch(/^link: /);
    const ca = { ...good, brokerCa: '/ca.pem', brokerCas: ['/ca.pem'] };
    expect(complaint(JSON.stringify(ca))).toBe('none');
    for (const whole of [[], null, 'x', 7, {}])
      expect(complaint(JSON.stringify(whole))).toMatch(/: /);
  });

  it('reports a missing file, or invalid JSON', () => {
    expect(complaint(undefined)).toBe('the whole file: expected a file that can be read');
    expect(complaint('{"robot":')).toMatch(/^the whole file: expected JSON/);
    expect(complaint('{"ice": {"policy": "all",\n"policy": "relay"}}')).toMatch(
      /^ice\.policy: stands twice, in line 1, column 10 and in line 2, column 1/,
    );
  });

  it('reports any garbage in one line', () => {
    const field = fc.record({ key: fc.constantFrom(...Object.keys(good)), value: fc.jsonValue() });
    const altered = field.map(({ key, value }) => JSON.stringify({ ...good, [key]: value }));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), altered), (text) => {
        expect(complaint(text)).not.toContain('\n');
      }),
    );
  });
});
