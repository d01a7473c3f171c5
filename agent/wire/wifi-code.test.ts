import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EAP_INNER_METHODS,
  EAP_METHODS,
  isWifiCode,
  parseWifiCode,
  type WifiNetwork,
  wifiCodeOf,
} from './wifi-code.ts';

const noControls = (text: string): boolean => !/\p{Cc}/u.test(text);
const ssid = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 16 })
  .filter((text) => noControls(text) && new TextEncoder().encode(text).length <= 32);
const credential = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((text) => noControls(text) && text.length <= 253);
const named = { ssid, hidden: fc.boolean() };
const network: fc.Arbitrary<WifiNetwork> = fc.oneof(
  fc.record({ ...named, security: fc.constant('open' as const) }),
  fc.record({
    ...named,
    security: fc.constant('psk' as const),
    passphrase: fc.string({ minLength: 8, maxLength: 63 }).filter((p) => /^[ -~]+$/.test(p)),
  }),
  fc.record(
    {
      ...named,
      security: fc.constant('eap' as const),
      method: fc.constantFrom(...EAP_METHODS),
      identity: credential,
      anonymousIdentity: credential,
      password: credential,
      inner: fc.constantFrom(...EAP_INNER_METHODS),
    },
    { requiredKeys: ['ssid', 'hidden', 'security', 'method', 'identity', 'password'] },
  ),
);

describe('a Wi-Fi code', () => {
  it('is read as it was written, whatever the names', () => {
    fc.assert(
      fc.property(network, (one) => {
        expect(parseWifiCode(wifiCodeOf(one))).toEqual({ ok: true, network: one });
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['WIFI:S:Home;T:WPA;P:pass word;;', { ssid: 'Home', passphrase: 'pass word' }],
    ['WIFI:T:WPA;S:Home;P:password', { ssid: 'Home', passphrase: 'password' }],
    ['wifi:T:SAE;S:Home;P:password;H:true;;', { hidden: true, security: 'psk' }],
    ['WIFI:S:Cafe\\;\\,\\:\\\\\\";T:nopass;;', { ssid: 'Cafe;,:\\"', security: 'open' }],
    ['WIFI:S:"Home";P:"password";T:WPA;;', { ssid: 'Home', passphrase: 'password' }],
    ['WIFI:S:\\"Home\\";T:;P:;;', { ssid: '"Home"', security: 'open' }],
    ['WIFI:S:"Home;;', { ssid: '"Home', security: 'open' }],
    ['WIFI:S:Home;R:1;K:key;T:WPA;P:password;;', { security: 'psk' }],
    [`WIFI:S:Home;T:WPA;P:${'0f'.repeat(32)};;`, { passphrase: '0f'.repeat(32) }],
    [
      'WIFI:T:WPA2-EAP;S:School;E:PEAP;A:anon@school;I:robot-7;P:secret;PH2:MSCHAPV2;;',
      {
        ...{ security: 'eap', method: 'PEAP', identity: 'robot-7', password: 'secret' },
        ...{ anonymousIdentity: 'anon@school', inner: 'MSCHAPV2' },
      },
    ],
    ['WIFI:T:WPA2-EAP;S:School;E:TTLS;I:robot-7;P:secret;PH2:NONE;;', { method: 'TTLS' }],
  ])('%s', (code, expected) => {
    expect(parseWifiCode(code)).toMatchObject({ ok: true, network: expected });
  });

  it.each([
    ['https://school.example', 'code', 'WIFI:'],
    ['WIFI:what', 'code', 'character 6'],
    ['WIFI:S:x;oh no:1;;', 'code', 'character 10'],
    [`WIFI:S:${'x'.repeat(1_000)};;`, 'code', 'at most 1000'],
    ['WIFI:T:WPA;P:password;;', 'S', 'name'],
    [`WIFI:S:${'å'.repeat(17)};;`, 'S', 'at most 32 bytes, got 34'],
    ['WIFI:S:a\nb;;', 'S', 'control'],
    ['WIFI:S:x;T:WEP;P:12345;;', 'T', 'WEP'],
    ['WIFI:S:x;T:WPA9;P:password;;', 'T', 'expected WPA'],
    ['WIFI:S:x;P:password;;', 'T', 'expected WPA where'],
    ['WIFI:S:x;T:WPA;P:short;;', 'P', '8 to 63'],
    ['WIFI:S:x;T:WPA;P:pässword;;', 'P', '8 to 63'],
    ['WIFI:S:x;T:WPA;;', 'P', '8 to 63'],
    ['WIFI:S:x;H:maybe;;', 'H', 'true or false'],
    ['WIFI:S:x;T:WPA2-EAP;E:TLS;I:i;P:p;;', 'E', 'PEAP'],
    ['WIFI:S:x;T:WPA2-EAP;E:PEAP;P:p;;', 'I', 'expected a value'],
    ['WIFI:S:x;T:WPA2-EAP;E:PEAP;I:i;;', 'P', 'expected a value'],
    ['WIFI:S:x;T:WPA2-EAP;E:PEAP;I:i;P:p;PH2:TLS;;', 'PH2', 'MSCHAPV2'],
    [`WIFI:S:x;T:WPA2-EAP;E:PEAP;I:i;P:p;A:${'a'.repeat(254)};;`, 'A', 'at most 253'],
  ])('%s is refused, with the field', (code, field, why) => {
    const got = parseWifiCode(code);
    expect(got).toMatchObject({ ok: false, field, why: expect.stringContaining(why) });
  });

  it('says of anything what it is, and never repeats a passphrase', () => {
    const junk = fc.string({ unit: fc.constantFrom(...'STPHEAI2:;\\",WIFItrue \u0000é') });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          junk.map((text) => `WIFI:${text}`),
        ),
        (text) => {
          const got = parseWifiCode(text);
          if (got.ok) {
            expect(isWifiCode(text)).toBe(true);
            expect(new TextEncoder().encode(got.network.ssid).length).toBeLessThanOrEqual(32);
            expect(parseWifiCode(wifiCodeOf(got.network))).toEqual(got);
          }
        },
      ),
      { numRuns: 500 },
    );
    const refused = parseWifiCode('WIFI:S:x;T:WPA;P:geheim;;');
    expect(JSON.stringify(refused)).not.toContain('geheim');
  });
});
