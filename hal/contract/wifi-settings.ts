import { expect, it } from 'vitest';
import type { InTheAir } from '../fake/wifi.ts';
import type { WifiNetwork, WifiSettings } from '../ports/wifi-settings.ts';
import { type Bench, contract } from './bench.ts';

interface WifiBench extends Bench {
  readonly wifi: WifiSettings;
  /** SSID of the network that is joined. */
  joined(): string;
  /** The same computer, as the next process finds it. */
  reopen(): Promise<WifiSettings>;
}

/** What benches have in the air; `School` is joined at first, by a profile that is not ours. */
export const WIFI_AIR: InTheAir[] = [
  { ssid: 'School' },
  { ssid: 'New å', passphrase: 'new secret' },
  { ssid: 'Dead', passphrase: 'new secret', dead: true },
  { ssid: 'Portal', passphrase: 'new secret', portal: true },
];

const LONG_S = 60;
const network = (ssid: string, passphrase = 'new secret'): WifiNetwork => ({
  ...{ ssid, hidden: false, security: 'wpa2', passphrase },
});

/** The promises of the WifiSettings port. */
export const wifiContract = contract<WifiBench>('wifi settings', (bench) => {
  it(
    'keeps networks that are confirmed, and forgets those of before',
    bench(async (it) => {
      for (const [tag, ssid] of [
        ['1', 'New å'],
        ['2', 'Portal'],
      ] as const) {
        const trial = await it.wifi.begin([network(ssid)], tag, LONG_S);
        expect(await it.wifi.join(trial, network(ssid), LONG_S)).toEqual({ ok: true });
        expect(it.joined()).toBe(ssid);
        expect(await it.wifi.known()).toContainEqual({ ssid, tag, kept: false });
        expect(await it.wifi.behindPortal()).toBe(ssid === 'Portal');
        await it.wifi.confirm(trial, [network(ssid)]);
        expect(await it.wifi.known()).toEqual([{ ssid, tag, kept: true }]);
        await it.wifi.confirm(trial, [network(ssid)]);
      }
      expect(await (await it.reopen()).known()).toHaveLength(1);
    }),
  );

  it(
    'goes back when it is told to, also by another process, and again',
    bench(async (it) => {
      const trial = await it.wifi.begin([network('New å')], '1', LONG_S);
      await it.wifi.join(trial, network('New å'), LONG_S);
      const next = await it.reopen();
      await next.rollback(trial);
      expect(it.joined()).toBe('School');
      expect(await next.known()).toEqual([]);
      await next.rollback(trial);
      await expect(next.confirm(trial, [network('New å')])).rejects.toThrow(/over/);
    }),
  );

  it(
    'goes back by itself',
    bench(async (it) => {
      const trial = await it.wifi.begin([network('New å')], '1', LONG_S);
      await it.wifi.join(trial, network('New å'), 1);
      expect(it.joined()).toBe('New å');
      await it.pass(1_100);
      expect(it.joined()).toBe('School');
      expect(await it.wifi.known()).toEqual([]);
    }),
  );

  it(
    'says why a network was not joined',
    bench(async (it) => {
      const all = [network('Nowhere'), network('New å', 'wrong word'), network('Dead')];
      const trial = await it.wifi.begin(all, '1', LONG_S);
      const why = [];
      for (const one of all) why.push(await it.wifi.join(trial, one, LONG_S));
      expect(why.map((one) => !one.ok && one.why)).toEqual(['notSeen', 'credentials', 'noAddress']);
    }),
  );

  it(
    'has one trial at a time',
    bench(async (it) => {
      const trial = await it.wifi.begin([network('New å')], '1', LONG_S);
      await expect(it.wifi.begin([network('Portal')], '2', LONG_S)).rejects.toThrow();
      await it.wifi.rollback(trial);
      await it.wifi.begin([network('Portal')], '2', LONG_S);
    }),
  );

  it(
    'forgets all only when the computer is connected without them',
    bench(async (it) => {
      const trial = await it.wifi.begin([network('New å')], '1', LONG_S);
      await it.wifi.join(trial, network('New å'), LONG_S);
      await it.wifi.confirm(trial, [network('New å')]);
      await expect(it.wifi.begin([], '2', LONG_S)).rejects.toThrow(/expected at least one/);
      expect(it.joined()).toBe('New å');
    }),
  );
});
