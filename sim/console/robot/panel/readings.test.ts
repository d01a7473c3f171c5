import { describe, expect, it } from 'vitest';
import { LANGUAGES, placesOf, translator } from '../../../../agent/pages/shared/i18n.ts';
import { GOOD_NETWORK } from '../../../network/bad-link.ts';
import { SimClock } from '../../../time/sim-clock.ts';
import { World } from '../../../world/world.ts';
import type { ProcessName, SimStatus } from '../../messages.ts';
import { dictionaries } from '../words/dictionaries.ts';
import { NETWORKS, networkOf } from './faults-panel.ts';
import { bodyReadings, duration, systemReadings } from './readings.ts';

const say = translator(dictionaries, 'en');
const process = (name: ProcessName) => ({
  ...{ name, state: 'running' as const, pid: 1, restarts: 0, seconds: 65, lastExit: null },
  realTime: name === 'firmware',
});
const status: SimStatus = {
  ...{ kind: 'status', version: '1', robot: 'sim-1', ready: true, upSeconds: 1 },
  processes: [process('firmware'), process('media'), process('agent')],
  broker: { up: true, refusals: {} },
  life: { state: 'live', faults: [] },
  network: { setting: GOOD_NETWORK, unavailable: null, carried: 5, dropped: 0 },
  warnings: [],
};

const values = (readings: readonly { key: string; value: string }[]) =>
  Object.fromEntries(readings.map(({ key, value }) => [key, value]));

describe('readings of the body', () => {
  const world = new World({ clock: new SimClock(), seed: 1 });
  const scene = () => ({ kind: 'scene' as const, world: world.snapshot(), commanded: null });

  it.each([
    ['nl', '-25,6°', /^\d+%, \d,\d V/],
    ['sv', '\u221225,6°', /^\d+ %, \d,\d V/],
    ['en', '-25.6°', /^\d+%, \d\.\d V/],
  ] as const)('are written as %s writes numbers', (language, tilt, battery) => {
    const lamps = { ring: 'here', hand: 'up' } as const;
    const all = bodyReadings(translator(dictionaries, language), scene(), lamps);
    const text = (key: string): string => all.find((one) => one.key === key)?.text ?? '';
    expect(text('tilt')).toContain(tilt);
    expect(text('battery')).toMatch(battery);
  });

  it('have values that do not depend on the language', () => {
    const lamps = { ring: 'here', hand: 'up' } as const;
    const all = LANGUAGES.map((language) =>
      values(bodyReadings(translator(dictionaries, language), scene(), lamps)),
    );
    expect(all[0]).toMatchObject({
      pan: '6.0',
      tilt: '-25.6',
      watch: 'off',
      ring: 'here',
      hand: 'up',
    });
    expect(all[1]).toEqual(all[0]);
    expect(all[2]).toEqual(all[0]);
  });

  it('warn of a low battery', () => {
    world.apply({ kind: 'fault', name: 'batteryLow', on: true });
    const found = bodyReadings(say, scene(), { ring: 'off', hand: 'down' });
    expect(found.find(({ key }) => key === 'battery')).toMatchObject({ value: '9', alarm: true });
  });
});

describe('readings of the system', () => {
  it('say how processes, broker and network are', () => {
    expect(values(systemReadings(say, status))).toEqual({
      ...{
        life: 'live',
        firmware: 'running',
        media: 'running',
        agent: 'running',
        broker: 'up',
        network: 'good',
      },
    });
    const agent = {
      ...process('agent'),
      state: 'waiting' as const,
      lastExit: 'SIGKILL',
      restarts: 2,
    };
    const bad = systemReadings(say, {
      ...status,
      processes: [agent],
      broker: { up: false, refusals: {} },
    });
    expect(bad.find(({ key }) => key === 'agent')).toMatchObject({
      ...{ value: 'waiting', alarm: true, text: 'died (SIGKILL), starts again; restarted 2×' },
    });
    expect(values(bad)).toMatchObject({ firmware: 'stopped', broker: 'down' });
  });

  it('name every network that can be chosen', () => {
    for (const { name, setting } of NETWORKS) expect(networkOf(setting)?.name).toBe(name);
    expect(networkOf({ delayMs: 1, lossRatio: 0, kbps: null })).toBeUndefined();
  });

  it('tell times as exactly as one cares', () => {
    expect([5.9, 61, 3_599, 7_300].map(duration)).toEqual(['5 s', '1 min', '59 min', '2 h']);
  });
});

describe('the words', () => {
  it('have the same places in all languages', () => {
    for (const key of Object.keys(dictionaries.en) as (keyof typeof dictionaries.en)[])
      for (const language of LANGUAGES)
        expect([key, placesOf(dictionaries[language][key])]).toEqual([
          key,
          placesOf(dictionaries.en[key]),
        ]);
  });
});
