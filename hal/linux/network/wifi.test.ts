import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { absentWifi } from '../../absent/wifi-settings.ts';
import { WIFI_AIR, wifiContract } from '../../contract/wifi-settings.ts';
import { Broker } from '../../fake/network-services.ts';
import { FakeWifi } from '../../fake/wifi.ts';
import { FakeNetworkManager } from '../../fake/wifi-services.ts';
import { delay } from '../../ports/clock.ts';
import type { WifiNetwork, WifiSettings } from '../../ports/wifi-settings.ts';
import { SystemClock } from '../time/system-clock.ts';
import { openWifi } from './open-wifi.ts';
import { profileOf } from './wifi-profile.ts';

const clock = new SystemClock();
const installed = spawnSync('dbus-daemon', ['--version']).status === 0;
const fresh: WifiNetwork = {
  ...{ ssid: 'New å', hidden: false, security: 'wpa2', passphrase: 'new secret' },
};

wifiContract('in memory', async () => {
  const sim = new SimClock();
  const wifi = new FakeWifi(sim, WIFI_AIR, 'School');
  return {
    ...{ wifi, joined: () => wifi.joined, reopen: async () => wifi },
    ...{ now: () => sim.now(), pass: (ms) => sim.advance(ms), close: () => wifi.close() },
  };
});

describe.skipIf(!installed)('on a broker (needs the package dbus)', () => {
  wifiContract('NetworkManager', async () => {
    const at = await onBus();
    return {
      ...at,
      joined: () => at.manager.joined,
      now: () => clock.now(),
      pass: (ms) => delay(clock, ms),
    };
  });

  it('until it is kept, a network is in memory only and does not join by itself', async () => {
    const { wifi, manager, close } = await onBus();
    const trial = await wifi.begin([fresh], '7', 60);
    await wifi.join(trial, fresh, 60);
    expect(manager.saved).toEqual([['School', true]]);
    expect(manager.profile('New å')?.connection?.autoconnect?.value).toBe(false);
    await wifi.confirm(trial, [fresh]);
    expect(manager.saved).toEqual([
      ['School', true],
      ['New å', true],
    ]);
    await close();
  });

  it.each<[string, readonly [string, unknown[]]]>([
    ['ListConnections', ['s', ['none']]],
    ['ListConnections', ['ao', [['/nowhere']]]],
    ['GetSettings', ['s', ['x']]],
    ['GetSettings', ['a{sa{sv}}', [{}]]],
    ['CheckpointCreate', ['s', ['not a path']]],
    ['CheckpointCreate', ['', []]],
    ['AddConnection2', ['s', ['']]],
    ['ActivateConnection', ['u', [7]]],
    ['ActivateConnection', ['o', ['/nowhere']]],
  ])('an answer of %s that makes no sense joins nothing: %j', async (member, answer) => {
    const { wifi, manager, close } = await onBus();
    manager.hostile.set(member, answer);
    const joined = await wifi
      .begin([fresh], '7', 60)
      .then((trial) => wifi.join(trial, fresh, 60))
      .catch((error: unknown) => error);
    if (!(joined instanceof Error))
      expect(joined).toMatchObject(member === 'AddConnection2' ? {} : { ok: false });
    if (member !== 'AddConnection2') expect(manager.joined).toBe('School');
    await close();
  });

  it('a profile of somebody else is not touched', async () => {
    const { wifi, manager, close } = await onBus();
    const trial = await wifi.begin([fresh], '7', 60);
    await wifi.join(trial, fresh, 60);
    await wifi.confirm(trial, [fresh]);
    expect(manager.profile('School')).toBeDefined();
    await close();
  });
});

it('is absent where there is no bus, or nobody to ask on it', async () => {
  expect(await openWifi({ clock, address: 'unix:path=/nowhere/bus' })).toBe(absentWifi);
  if (!installed) return;
  const broker = new Broker();
  await broker.start();
  expect(await openWifi({ clock, address: broker.address })).toBe(absentWifi);
  await broker.stop();
});

describe('a profile', () => {
  const named = { ssid: 'Eap', hidden: true, identity: 'robot@school.example' };
  const eap = { ...named, security: 'eap', password: 'p' } as const;
  const login = (network: WifiNetwork) => {
    const group = profileOf(network, { tag: '7' })?.['802-1x'];
    return (
      group && Object.fromEntries(Object.entries(group).map(([name, { value }]) => [name, value]))
    );
  };

  it('of 802.1X is made only when the login server can be checked, or need not be', () => {
    expect(login({ ...eap, method: 'peap' })).toBeUndefined();
    expect(login({ ...eap, method: 'peap', ca: 'x' })).toBeUndefined();
    expect(login({ ...eap, method: 'tls', domain: 'radius.example' })).toBeUndefined();
    expect(login({ ...eap, method: 'peap', domain: 'radius.example' })).toEqual({
      ...{ eap: ['peap'], identity: eap.identity, password: 'p', 'phase2-auth': 'mschapv2' },
      ...{ 'system-ca-certs': true, 'domain-suffix-match': 'radius.example' },
    });
    expect(login({ ...eap, method: 'ttls', anyServer: true, anonymousIdentity: 'a' })).toEqual({
      ...{ eap: ['ttls'], identity: eap.identity, password: 'p', 'phase2-auth': 'pap' },
      'anonymous-identity': 'a',
    });
  });

  it('has the kind of key that the network asks for', () => {
    const kind = (network: WifiNetwork) =>
      profileOf(network, { tag: '7' })?.['802-11-wireless-security']?.['key-mgmt']?.value;
    expect(kind(fresh)).toBe('wpa-psk');
    expect(kind({ ...fresh, security: 'wpa3' })).toBe('sae');
    expect(kind({ ssid: 'a', hidden: false, security: 'open' })).toBeUndefined();
  });
});

async function onBus() {
  const broker = new Broker();
  await broker.start();
  const manager = new FakeNetworkManager(clock, WIFI_AIR, 'School');
  await manager.service.start(broker.address);
  const opened: WifiSettings[] = [];
  const reopen = async (): Promise<WifiSettings> => {
    const wifi = await openWifi({ clock, address: broker.address, scanMs: 20 });
    opened.push(wifi);
    return wifi;
  };
  const wifi = await reopen();
  const close = async (): Promise<void> => {
    for (const one of opened) await one.close();
    manager.service.stop();
    await broker.stop();
  };
  return { wifi, manager, reopen, close };
}
