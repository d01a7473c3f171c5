import { describe, expect, it } from 'vitest';
import { readOptions } from '../../sim/launcher/options.ts';
import { OptionError } from './given.ts';
import { defaultRouteOf, notesOnReach, reachableAddresses, reachOf } from './reach.ts';

const at = (address: string, internal = false, family: 'IPv4' | 'IPv6' = 'IPv4') => ({
  ...{ address, internal, netmask: '', mac: '', cidr: null, scopeid: 0 },
  family: family as 'IPv4',
});
/** A developer's laptop: containers and a tunnel besides Wi-Fi and a cable. */
const interfaces = {
  lo: [at('127.0.0.1', true), at('::1', true, 'IPv6')],
  docker0: [at('172.17.0.1')],
  tailscale0: [at('100.64.0.3')],
  eth0: [at('10.0.0.5'), at('fe80::1', false, 'IPv6')],
  wlan0: [at('192.168.1.20'), at('2001:db8::20', false, 'IPv6')],
  usb0: [at('169.254.3.4')],
};
const routes = `Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT
eth0\t00000000\t0100000A\t0003\t0\t0\t600\t00000000\t0\t0\t0
wlan0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
wlan0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
`;

describe('addresses for others', () => {
  it('begin with that of the way out; those inside this computer come last', () => {
    expect(defaultRouteOf(routes)).toBe('wlan0');
    expect(defaultRouteOf('')).toBeUndefined();
    expect(reachableAddresses(interfaces, 'wlan0')).toEqual([
      ...['192.168.1.20', '[2001:db8::20]', '10.0.0.5', '172.17.0.1', '100.64.0.3'],
    ]);
    expect(reachableAddresses(interfaces, undefined)[0]).toBe('10.0.0.5');
    expect(reachableAddresses({ lo: interfaces.lo, usb0: interfaces.usb0 })).toEqual([]);
  });
});

describe('who is reached', () => {
  const addresses = ['192.168.1.20', '10.0.0.5'];

  it.each(['127.0.0.1', 'localhost', '::1', '127.0.0.5'])('%s: this computer alone', (host) => {
    expect(reachOf(host, undefined, undefined, addresses)).toMatchObject({
      open: false,
      others: [],
    });
  });

  it('others are told the address that was asked for', () => {
    expect(reachOf('10.0.0.5', undefined, undefined, addresses)).toMatchObject({
      ...{ open: true, address: '10.0.0.5', others: [] },
    });
    const named = reachOf('0.0.0.0', 'klas.school.example', undefined, addresses);
    expect(named).toEqual({ open: true, address: 'klas.school.example', others: addresses });
    expect(reachOf('::', 'fd00::7', undefined, addresses).address).toBe('[fd00::7]');
    expect(notesOnReach(named, 'make sim')[0]).toBe(
      'Links lead to klas.school.example. This computer has other addresses: 192.168.1.20, 10.0.0.5. To use one of them: ADDRESS=192.168.1.20',
    );
  });

  it('an address for others needs a listener for them', () => {
    expect(() => reachOf('127.0.0.1', '192.168.1.20')).toThrow(OptionError);
    expect(() => reachOf('127.0.0.1', '192.168.1.20')).toThrow(/Add HOST=0\.0\.0\.0/);
  });

  it.each(['http://x', 'a b', '192.168.1.20:8301', '-x', 'x/y', 'é'])('not by %j', (ADDRESS) => {
    expect(() => readOptions([], { ADDRESS }, '/')).toThrow(/expected a name or an address/);
  });

  it.each(['192.168.1.20', 'klas.local', 'fd00::7', '[fd00::7]'])('by %j', (ADDRESS) => {
    expect(readOptions([], { ADDRESS }, '/').address).toBe(ADDRESS);
  });
});
