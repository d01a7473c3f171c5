import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InTheAir } from '../../hal/fake/wifi.ts';
import { SettingsBench } from './testing/settings-bench.ts';
import { noChange, step, TRIAL_S, type WifiChange, type WifiEvent } from './wifi-change.ts';

const school = { ssid: 'School' };
const fresh = { ssid: 'New', passphrase: 'new secret' };
const network = (ssid: string, passphrase = 'new secret') => ({
  ...{ ssid, hidden: false, security: 'wpa2', passphrase },
});
const list = (...networks: object[]) => ({ networks });

async function bench(...air: InTheAir[]): Promise<SettingsBench> {
  return new SettingsBench([school, ...air]).start();
}

const push = async (at: SettingsBench, value: object, version = 1): Promise<void> => {
  expect(await at.set('wifi', version, value)).toMatchObject({ facts: { state: 'trying' } });
};
const wifi = (at: SettingsBench) => at.reported.sections.wifi;

describe('a change of the Wi-Fi', () => {
  it('is kept once the broker is reached over the new network', async () => {
    const at = await bench(fresh);
    await push(at, list(network('New')));
    await at.clock.advance(1_000);
    expect(at.wifi.joined).toBe('New');
    expect(wifi(at)).toMatchObject({ version: 1, state: 'applied' });
    await at.clock.advance(2 * TRIAL_S * 1_000);
    expect(at.wifi.joined).toBe('New');
    at.wifi.rebooted();
    expect(at.wifi.joined).toBe('New');
  });

  it('takes the first of several that works', async () => {
    const at = await bench({ ...fresh, passphrase: 'another' }, { ...fresh, ssid: 'Third' });
    at.reaching.add('Third');
    await push(at, list(network('Nowhere'), network('New'), network('Third')));
    await at.clock.advance(1_000);
    expect(at.wifi.joined).toBe('Third');
    expect(wifi(at)).toMatchObject({ version: 1, state: 'applied' });
  });

  it.each<[string, InTheAir[], string]>([
    ['is not in sight', [], 'no such network in sight'],
    ['has another passphrase', [{ ...fresh, passphrase: 'x' }], 'passphrase or login is wrong'],
    ['gives no address', [{ ...fresh, dead: true }], 'gives no address'],
    ['does not reach the broker', [fresh], 'the broker is not reached'],
    ['has a portal', [{ ...fresh, portal: true }], 'login on a web page'],
  ])('comes back to the old network when the new one %s', async (_why, air, words) => {
    const at = await bench(...air);
    at.reaching.delete('New');
    await push(at, list(network('New')));
    await at.clock.advance(70_000);
    expect(at.wifi.joined).toBe('School');
    expect(wifi(at)).toMatchObject({ version: 0, state: 'rejected', tried: 1 });
    expect(wifi(at)?.reason).toContain(words);
    expect(wifi(at)?.reason).toMatch(/^networks\.0 \(New\): /);
    expect(await at.wifi.known()).toEqual([]);
    // It can be tried again, when somebody has seen to it.
    at.reaching.add('New');
    at.wifi.air.splice(1, 1, fresh);
    await push(at, list(network('New')));
    await at.clock.advance(1_000);
    expect(wifi(at)).toMatchObject({ version: 1, state: 'applied' });
  });

  it('the broker may take a while to be reached', async () => {
    const at = await bench(fresh);
    at.reaching.delete('New');
    await push(at, list(network('New')));
    await at.clock.advance(55_000);
    expect(wifi(at)).toMatchObject({ state: 'trying', version: 0, tried: 1 });
    at.reaching.add('New');
    await at.clock.advance(3_000);
    expect(wifi(at)).toMatchObject({ state: 'applied', version: 1 });
  });

  it('waits while a pupil is in class; a newer version takes its place', async () => {
    const at = await bench(fresh);
    at.side.follow(true);
    await push(at, list(network('Wrong')));
    await push(at, list(network('New')), 2);
    await at.clock.advance(3_600_000);
    expect([at.wifi.joined, wifi(at)?.state]).toEqual(['School', 'trying']);
    at.side.follow(false);
    await at.clock.advance(1_000);
    expect([at.wifi.joined, wifi(at)?.version]).toEqual(['New', 2]);
  });

  it('another version waits until one that has begun is through', async () => {
    const at = await bench(fresh);
    at.reaching.delete('New');
    await push(at, list(network('New')));
    await at.clock.advance(1_000);
    expect(await at.set('wifi', 2, list(network('New')))).toMatchObject({
      reason: expect.stringMatching(/^busy: /),
    });
  });

  it('an empty list is refused while a network of it carries the robot', async () => {
    const at = await bench(fresh);
    await push(at, list(network('New')));
    await at.clock.advance(1_000);
    await push(at, list(), 2);
    await at.clock.advance(1_000);
    expect(at.wifi.joined).toBe('New');
    expect(wifi(at)).toMatchObject({ version: 1, state: 'rejected', tried: 2 });
  });

  it('a network service that does not answer changes nothing', async () => {
    const at = await bench(fresh);
    at.wifi.mute = true;
    await push(at, list(network('New')));
    await at.clock.advance(1_000);
    expect(wifi(at)).toMatchObject({
      state: 'rejected',
      reason: expect.stringMatching(/no answer/),
    });
    expect(at.wifi.joined).toBe('School');
  });
});

describe('a robot that dies while it changes its Wi-Fi', () => {
  /** So many microtasks see a change to its end. */
  const STEPS = 45;

  it.each([
    ['agent killed', false],
    ['power cut', true],
  ])('%s at any moment: it is connected afterwards, and says the truth', async (_how, power) => {
    const ends = new Set<string>();
    for (let steps = 0; steps < STEPS; steps++)
      for (const end of await dies(steps, power)) ends.add(end);
    expect(ends).toEqual(new Set(['School', 'New']));
  });

  async function dies(steps: number, power: boolean): Promise<string[]> {
    const ends: string[] = [];
    for (const reached of [true, false]) {
      const at = await bench(fresh);
      if (!reached) at.reaching.delete('New');
      const set = at.set('wifi', 1, list(network('New')));
      for (let n = 0; n < steps; n++) await Promise.resolve().then(() => null);
      at.side.stop();
      if (power) {
        at.disk.cutPower();
        at.wifi.rebooted();
      } else await set;
      await at.start();
      await at.clock.advance(TRIAL_S * 1_000 + 5_000);
      const { joined } = at.wifi;
      expect(at.reaching).toContain(joined);
      const report = wifi(at);
      expect(report?.state).not.toBe('trying');
      expect(report?.version).toBe(joined === 'New' ? 1 : 0);
      const known = await at.wifi.known();
      expect(known.map(({ kept }) => kept)).toEqual(joined === 'New' ? [true] : []);
      ends.push(joined);
    }
    return ends;
  }

  it('dead for longer than the trial: the old network is back before it is', async () => {
    const at = await bench(fresh);
    at.reaching.delete('New');
    await push(at, list(network('New')));
    await at.clock.advance(1_000);
    expect(at.wifi.joined).toBe('New');
    at.side.stop();
    await at.clock.advance(TRIAL_S * 1_000);
    expect(at.wifi.joined).toBe('School');
    await at.start();
    await at.clock.advance(1_000);
    expect(wifi(at)).toMatchObject({ state: 'rejected', version: 0 });
  });

  it('one that waited for the end of a lesson still waits', async () => {
    const at = await bench(fresh);
    at.side.follow(true);
    await push(at, list(network('New')));
    await at.start();
    await at.clock.advance(1_000);
    expect(wifi(at)).toMatchObject({ state: 'applied', version: 1 });
  });
});

it('whatever happens, a change ends, and begins nothing without an end of it', () => {
  const job = { version: 1, ssids: ['a', 'b'] };
  const event: fc.Arbitrary<WifiEvent> = fc.constantFrom<WifiEvent>(
    { type: 'start', job, inClass: false },
    { type: 'start', job, inClass: true },
    { type: 'class', inClass: false },
    { type: 'begun', trial: 't' },
    { type: 'joined' },
    { type: 'notJoined', why: 'notSeen' },
    { type: 'reached' },
    { type: 'timeout' },
    { type: 'explained', portal: true },
    { type: 'kept' },
    { type: 'returned' },
    { type: 'failed', reason: 'x' },
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      let state: WifiChange = noChange;
      let open = false;
      for (const one of events) {
        const after = step(state, one);
        for (const effect of after.effects) {
          if (effect.do === 'begin') open = true;
          if (effect.do === 'confirm') expect(one.type).toBe('reached');
          if (effect.do === 'confirmed' || effect.do === 'rejected') {
            expect(open).toBe(true);
            open = false;
          }
        }
        state = after.state;
        expect(open).toBe(state.name !== 'idle' && state.name !== 'waiting');
      }
    }),
  );
});
