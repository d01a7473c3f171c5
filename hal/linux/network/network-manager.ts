import { z } from 'zod';
import type { NetworkState, PrimaryConnection, WifiState } from '../../ports/network.ts';
import type { Properties, SystemBus } from './system-bus.ts';

/*
 * NetworkManager on D-Bus (networkmanager.dev, "D-Bus API reference"). Numbers are those of
 * NMConnectivityState, NMDeviceType and NM80211ApSecurityFlags.
 */
export const NETWORK_MANAGER = 'org.freedesktop.NetworkManager';
const ROOT = '/org/freedesktop/NetworkManager';

const CONNECTIVITY = ['unknown', 'none', 'portal', 'limited', 'full'] as const;
const DEVICE_WIFI = 2;
/** KEY_MGMT_802_1X and KEY_MGMT_EAP_SUITE_B_192. */
const ENTERPRISE = 0x200 | 0x2000;

const KINDS: Readonly<Record<string, PrimaryConnection['kind']>> = {
  '802-11-wireless': 'wifi',
  '802-3-ethernet': 'ethernet',
  gsm: 'modem',
  cdma: 'modem',
};

const Manager = z.object({
  Connectivity: z.number().catch(0),
  PrimaryConnection: z.string().catch('/'),
  Devices: z.array(z.string()).catch([]),
});

const Active = z.object({
  Id: z.string().min(1),
  Type: z.string().catch(''),
  Ip4Config: z.string().catch('/'),
  Ip6Config: z.string().catch('/'),
});

const Config = z.object({
  AddressData: z.array(z.object({ address: z.string(), prefix: z.number() })).catch([]),
  Gateway: z.string().catch(''),
});

const AccessPoint = z.object({
  Ssid: z.instanceof(Uint8Array),
  Strength: z.number().min(0).max(100),
  Frequency: z.number().catch(0),
  WpaFlags: z.number().catch(0),
  RsnFlags: z.number().catch(0),
});

interface NetworkManagerReading {
  readonly state: Omit<NetworkState, 'modem'>;
  /** Path of the access point that is joined. */
  readonly joined: string | undefined;
}

/** What NetworkManager knows; rejects when it is not there. */
export async function readNetworkManager(bus: SystemBus): Promise<NetworkManagerReading> {
  const manager = Manager.parse(await bus.properties(NETWORK_MANAGER, ROOT, NETWORK_MANAGER));
  const [primary, wifi] = await Promise.all([
    readPrimary(bus, manager.PrimaryConnection),
    readWifi(bus, manager.Devices),
  ]);
  const connectivity = CONNECTIVITY[manager.Connectivity] ?? 'unknown';
  return {
    state: { connectivity, primary, wifi: wifi?.state ?? null },
    joined: wifi?.path,
  };
}

async function readPrimary(bus: SystemBus, path: string): Promise<PrimaryConnection | null> {
  const face = `${NETWORK_MANAGER}.Connection.Active`;
  const active = Active.safeParse(await bus.propertiesIfAny(NETWORK_MANAGER, path, face));
  if (!active.success) return null;
  const { Id, Type, Ip4Config, Ip6Config } = active.data;
  const [four, six] = await Promise.all([
    readConfig(bus, Ip4Config, 'IP4Config'),
    readConfig(bus, Ip6Config, 'IP6Config'),
  ]);
  const addressed = four.address === null ? six : four;
  return { kind: KINDS[Type] ?? 'other', name: Id, ...addressed };
}

async function readConfig(
  bus: SystemBus,
  path: string,
  face: string,
): Promise<Pick<PrimaryConnection, 'address' | 'gateway'>> {
  const found = await bus.propertiesIfAny(NETWORK_MANAGER, path, `${NETWORK_MANAGER}.${face}`);
  const { AddressData, Gateway } = Config.parse(found);
  const [first] = AddressData;
  const address = first ? `${first.address}/${first.prefix}` : null;
  return { address, gateway: Gateway === '' ? null : Gateway };
}

/** Of the first Wi-Fi device that has joined a network. */
async function readWifi(
  bus: SystemBus,
  devices: readonly string[],
): Promise<{ readonly path: string; readonly state: WifiState } | null> {
  for (const path of devices) {
    const of = (face: string): Promise<Properties> =>
      bus.propertiesIfAny(NETWORK_MANAGER, path, `${NETWORK_MANAGER}.${face}`);
    if ((await of('Device')).DeviceType !== DEVICE_WIFI) continue;
    const { ActiveAccessPoint: joined } = await of('Device.Wireless');
    const face = `${NETWORK_MANAGER}.AccessPoint`;
    const point = AccessPoint.safeParse(await bus.propertiesIfAny(NETWORK_MANAGER, joined, face));
    if (!point.success) continue;
    const { Ssid, Strength, Frequency, WpaFlags, RsnFlags } = point.data;
    const state: WifiState = {
      ssid: new TextDecoder().decode(Ssid),
      signalPercent: Strength,
      frequencyMhz: Frequency,
      enterprise: ((WpaFlags | RsnFlags) & ENTERPRISE) !== 0,
    };
    return { path: String(joined), state };
  }
  return null;
}
