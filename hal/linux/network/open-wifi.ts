import { absentWifi } from '../../absent/wifi-settings.ts';
import type { Clock } from '../../ports/clock.ts';
import type { WifiSettings } from '../../ports/wifi-settings.ts';
import { NETWORK_MANAGER } from './network-manager.ts';
import { NetworkManagerWifi } from './network-manager-wifi.ts';
import { SystemBus, systemBusAddress } from './system-bus.ts';

interface WifiPlace {
  readonly clock: Clock;
  /** The system's bus where it is left out. */
  readonly address?: string;
  /** Until a network is taken for one that is not in sight, milliseconds. */
  readonly scanMs?: number;
}

/** NetworkManager's, or the absent one where it does not run. Never rejects. */
export async function openWifi({ clock, address, scanMs }: WifiPlace): Promise<WifiSettings> {
  const at = address ?? systemBusAddress(process.env);
  let open: Promise<SystemBus> | undefined;
  const bus = (): Promise<SystemBus> => {
    if (open) return open;
    const opening = connect(at, clock, () => {
      if (open === opening) open = undefined;
    });
    open = opening;
    opening.catch(() => {
      if (open === opening) open = undefined;
    });
    return opening;
  };
  const close = (): void => {
    open?.then((one) => one.close()).catch(() => {});
    open = undefined;
  };
  try {
    const dbus = 'org.freedesktop.DBus';
    const question = {
      face: dbus,
      member: 'NameHasOwner',
      signature: 's',
      body: [NETWORK_MANAGER],
    };
    const [runs] = await (await bus()).ask(dbus, '/org/freedesktop/DBus', question);
    if (runs === true)
      return new NetworkManagerWifi({ clock, bus, close, ...(scanMs !== undefined && { scanMs }) });
  } catch {
    // No bus.
  }
  close();
  return absentWifi;
}

async function connect(at: string, clock: Clock, onLost: () => void): Promise<SystemBus> {
  const bus = await SystemBus.open(at, clock, onLost);
  // So that its signals are delivered.
  await bus.watch(NETWORK_MANAGER, () => {});
  return bus;
}
