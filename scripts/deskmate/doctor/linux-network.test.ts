import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { Broker, FakeService, NM, schoolNetwork } from '../../../hal/fake/network-services.ts';
import { SystemClock } from '../../../hal/linux/time/system-clock.ts';
import { unknownNetwork } from '../../../hal/ports/network.ts';
import { LinuxHostProbe } from './linux-host-probe.ts';

const installed = spawnSync('dbus-daemon', ['--version']).status === 0;

describe.skipIf(!installed)('the network of this computer (needs the package dbus)', () => {
  it('is what NetworkManager tells, and unknown without it', async () => {
    const broker = new Broker();
    await broker.start();
    const env = { DBUS_SYSTEM_BUS_ADDRESS: broker.address };
    const machine = new LinuxHostProbe(new SystemClock(), env);
    expect(await machine.network()).toEqual(unknownNetwork);
    const manager = new FakeService(NM, schoolNetwork());
    await manager.start(broker.address);
    expect(await machine.network()).toMatchObject({
      primary: { kind: 'wifi' },
      wifi: { ssid: 'Skolan-Elev å', signalPercent: 64, enterprise: true },
      modem: null,
    });
    manager.stop();
    await broker.stop();
  });

  it('is unknown within the time that it is given, and at once without a bus', async () => {
    const clock = new SystemClock();
    const broker = new Broker();
    await broker.start();
    const machine = new LinuxHostProbe(clock, { DBUS_SYSTEM_BUS_ADDRESS: broker.address });
    const beganMs = clock.now();
    expect(await machine.network(100)).toEqual(unknownNetwork);
    // Less than the doctor's own patience.
    expect(clock.now() - beganMs).toBeLessThan(2_000);
    await broker.stop();
    expect(await machine.network(600_000)).toEqual(unknownNetwork);
  });
});
