import { spawnSync } from 'node:child_process';
import { Variant } from '@jellybrick/dbus-next';
import { describe, expect, it } from 'vitest';
import { networkContract } from '../../contract/network.ts';
import {
  ACCESS_POINT,
  Broker,
  FakeService,
  MM,
  MODEM,
  NM,
  schoolNetwork,
  telephoneCard,
} from '../../fake/network-services.ts';
import { delay } from '../../ports/clock.ts';
import { type Network, type NetworkState, unknownNetwork } from '../../ports/network.ts';
import { SystemClock } from '../time/system-clock.ts';
import { openNetwork } from './open-network.ts';

const clock = new SystemClock();
const installed = spawnSync('dbus-daemon', ['--version']).status === 0;

describe.skipIf(!installed)('on a broker (needs the package dbus)', () => {
  networkContract('NetworkManager and ModemManager', async () => {
    const made = await onBus();
    return {
      ...made,
      now: () => clock.now(),
      pass: (ms) => delay(clock, ms),
      signal: (percent) =>
        made.manager.set(ACCESS_POINT, `${NM}.AccessPoint`, 'Strength', new Variant('y', percent)),
      service: async (running) => {
        if (running) await made.startServices();
        else made.stopServices();
      },
    };
  });

  it('tells what people ask about', async () => {
    const { network, close } = await onBus();
    const state = await until(network, ({ primary, modem }) => primary !== null && modem !== null);
    expect(state).toEqual({
      connectivity: 'full',
      primary: {
        kind: 'wifi',
        name: 'School',
        address: '10.20.4.17/22',
        gateway: '10.20.4.1',
      },
      wifi: { ssid: 'Skolan-Elev å', signalPercent: 64, frequencyMhz: 5_240, enterprise: true },
      modem: { registration: 'roaming', technology: '4g', signalPercent: 48, operator: 'Telia' },
    });
    await close();
  });

  it('knows one service without the other', async () => {
    const { network, manager, modems, close } = await onBus();
    await until(network, ({ primary, modem }) => primary !== null && modem !== null);
    manager.stop();
    const alone = await until(network, ({ primary }) => primary === null);
    expect(alone).toMatchObject({ connectivity: 'unknown', wifi: null });
    expect(alone.modem).not.toBeNull();
    modems.set(MODEM, `${MM}.Modem`, 'AccessTechnologies', new Variant('u', (1 << 15) | (1 << 14)));
    await until(network, ({ modem }) => modem?.technology === '5g');
    await close();
  });

  it('takes garbage for what is not known', async () => {
    const { network, manager, modems, close } = await onBus();
    await until(network, ({ wifi, modem }) => wifi !== null && modem !== null);
    const root = '/org/freedesktop/NetworkManager';
    manager.set(root, NM, 'Connectivity', new Variant('s', 'yes'));
    manager.set(root, NM, 'PrimaryConnection', new Variant('s', 'not a path'));
    manager.set(ACCESS_POINT, `${NM}.AccessPoint`, 'Ssid', new Variant('u', 5));
    modems.set(MODEM, `${MM}.Modem`, 'SignalQuality', new Variant('s', 'strong'));
    modems.set(MODEM, `${MM}.Modem.Modem3gpp`, 'RegistrationState', new Variant('u', 4_000));
    const state = await until(network, ({ wifi, modem }) => !wifi && modem?.signalPercent === 0);
    expect(state).toMatchObject({
      connectivity: 'unknown',
      primary: null,
      modem: { registration: 'unknown', signalPercent: 0 },
    });
    await close();
  });

  it('outlives the broker, and finds the next one', async () => {
    const { network, broker, startServices, stopServices, close } = await onBus(new HurriedClock());
    await until(network, ({ wifi }) => wifi !== null);
    await broker.kill();
    stopServices();
    await until(network, (state) => state === unknownNetwork);
    await broker.start();
    await startServices();
    await until(network, ({ wifi, modem }) => wifi !== null && modem !== null);
    await close();
  });
});

describe('where there is no bus', () => {
  it('nothing is known, and nothing fails', async () => {
    for (const address of ['unix:path=/nowhere/bus', 'nonsense', '', 'tcp:host=127.0.0.1,port=1']) {
      const network = openNetwork({ clock: new HurriedClock(), address });
      await delay(clock, 60);
      expect(network.read()).toEqual(unknownNetwork);
      await network.close();
    }
  });
});

/** Waits a twentieth: for the tries that would take seconds. */
class HurriedClock extends SystemClock {
  override after(ms: number, act: () => void) {
    return super.after(ms / 20, act);
  }
}

async function onBus(time = clock) {
  const broker = new Broker();
  await broker.start();
  const manager = new FakeService(NM, schoolNetwork());
  const modems = new FakeService(MM, telephoneCard());
  const services = [manager, modems];
  const startServices = async (): Promise<void> => {
    for (const service of services) await service.start(broker.address);
  };
  const stopServices = (): void => {
    for (const service of services) service.stop();
  };
  await startServices();
  const network = openNetwork({ clock: time, address: broker.address });
  const close = async (): Promise<void> => {
    await network.close();
    stopServices();
    await broker.stop();
  };
  return { network, broker, manager, modems, startServices, stopServices, close };
}

async function until(
  network: Network,
  holds: (state: NetworkState) => boolean,
): Promise<NetworkState> {
  for (let wait = 0; wait < 500 && !holds(network.read()); wait++) await delay(clock, 10);
  expect(holds(network.read()), JSON.stringify(network.read())).toBe(true);
  return network.read();
}
