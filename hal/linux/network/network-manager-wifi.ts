import { DBusError } from '@jellybrick/dbus-next';
import { messageOf } from '../../common/errors.ts';
import { type Clock, delay } from '../../ports/clock.ts';
import type {
  KnownWifi,
  WifiFailure,
  WifiJoined,
  WifiNetwork,
  WifiSettings,
  WifiTrial,
} from '../../ports/wifi-settings.ts';
import { NETWORK_MANAGER } from './network-manager.ts';
import type { Properties, SystemBus } from './system-bus.ts';
import { profileOf, tagOfId } from './wifi-profile.ts';

/*
 * NetworkManager on D-Bus (networkmanager.dev, "D-Bus API reference", 1.20 or newer). Numbers are
 * those of NMDeviceType, NMCheckpointCreateFlags, NMSettingsAddConnection2Flags,
 * NMSettingsUpdate2Flags, NMActiveConnectionState, NMDeviceState, NMDeviceStateReason and
 * NMConnectivityState.
 */
const ROOT = '/org/freedesktop/NetworkManager';
const SETTINGS = `${ROOT}/Settings`;
const DEVICE_WIFI = 2;
const DELETE_NEW_CONNECTIONS = 2;
const IN_MEMORY = 0x2;
const TO_DISK = 0x1;
const BLOCK_AUTOCONNECT = 0x20;
const NO_REAPPLY = 0x40;
const UNSAVED = 0x1;
const ACTIVATED = 2;
const DEACTIVATING = 3;
const DEVICE_FAILED = 120;
const PORTAL = 2;

const REASONS: Readonly<Record<number, WifiFailure>> = {
  // IP_CONFIG_UNAVAILABLE, IP_CONFIG_EXPIRED
  5: 'noAddress',
  6: 'noAddress',
  // NO_SECRETS; SUPPLICANT_DISCONNECT, CONFIG_FAILED, FAILED, TIMEOUT: as which a wrong passphrase
  // and a refused login are told.
  7: 'credentials',
  8: 'credentials',
  9: 'unsupported',
  10: 'credentials',
  11: 'credentials',
  // DHCP_START_FAILED, DHCP_ERROR, DHCP_FAILED
  15: 'noAddress',
  16: 'noAddress',
  17: 'noAddress',
  // SSID_NOT_FOUND
  53: 'notSeen',
};

/** Until a network is taken for one that is not in sight. */
const SCAN_MS = 12_000;
const POLL_MS = 250;
/** Ours come before what was there: 0 there. */
const FIRST_PRIORITY = 50;

export interface WifiOptions {
  readonly clock: Clock;
  /** Opens a connection, or gives the one that is open. */
  readonly bus: () => Promise<SystemBus>;
  readonly close: () => void;
  readonly scanMs?: number;
}

interface Stored extends KnownWifi {
  readonly path: string;
}

/**
 * Trials are checkpoints of NetworkManager, which goes back by itself when one ends. New networks
 * are in memory and do not join by themselves until they are kept: neither a power cut nor a
 * restart of NetworkManager, which forgets checkpoints, leaves the computer on one of them.
 */
export class NetworkManagerWifi implements WifiSettings {
  readonly present = true;

  constructor(private readonly options: WifiOptions) {}

  async known(): Promise<readonly KnownWifi[]> {
    return (await this.stored()).map(({ ssid, tag, kept }) => ({ ssid, tag, kept }));
  }

  async begin(networks: readonly WifiNetwork[], tag: string, seconds: number): Promise<WifiTrial> {
    const before = await this.stored();
    if (networks.length === 0 && (await this.carriesTraffic(before)))
      throw new Error('networks: expected at least one: the robot is connected by one of before');
    const device = await this.device();
    const checkpoint = path(
      await this.ask(ROOT, NETWORK_MANAGER, 'CheckpointCreate', 'aouu', [
        ...[[device], seconds, DELETE_NEW_CONNECTIONS],
      ]),
    );
    const trial = `${tag}@${checkpoint}`;
    try {
      // Left over by a trial of the same version.
      await this.forget(before.filter((one) => one.tag === tag));
      for (const network of networks) await this.add(network, tag);
    } catch (error) {
      await this.rollback(trial).catch(() => {});
      throw error;
    }
    return trial;
  }

  async join(trial: WifiTrial, network: WifiNetwork, seconds: number): Promise<WifiJoined> {
    const { tag, checkpoint } = parts(trial);
    const adjust = 'CheckpointAdjustRollbackTimeout';
    await this.ask(ROOT, NETWORK_MANAGER, adjust, 'ou', [checkpoint, seconds]);
    const mine = await this.stored();
    const profile = mine.find((one) => one.tag === tag && one.ssid === network.ssid);
    if (!profile) return failed('unsupported');
    const device = await this.device().catch(() => undefined);
    if (device === undefined) return failed('noDevice');
    if (!network.hidden && !(await this.isSeen(device, network.ssid))) return failed('notSeen');
    return this.activate(profile.path, device);
  }

  async behindPortal(): Promise<boolean> {
    const [connectivity] = await this.ask(ROOT, NETWORK_MANAGER, 'CheckConnectivity', '', []);
    return connectivity === PORTAL;
  }

  async confirm(trial: WifiTrial, networks: readonly WifiNetwork[]): Promise<void> {
    const { tag, checkpoint } = parts(trial);
    const mine = (await this.stored()).filter((one) => one.tag === tag);
    for (const [n, network] of networks.entries()) {
      const profile = profileOf(network, { tag, priority: FIRST_PRIORITY - n });
      const there = mine.find(({ ssid }) => ssid === network.ssid);
      if (!profile) continue;
      if (!there) throw new Error('the trial is over: the network went back by itself');
      const flags = TO_DISK | BLOCK_AUTOCONNECT | NO_REAPPLY;
      const face = `${NETWORK_MANAGER}.Settings.Connection`;
      await this.ask(there.path, face, 'Update2', 'a{sa{sv}}ua{sv}', [profile, flags, {}]);
    }
    await this.ifAny(this.ask(ROOT, NETWORK_MANAGER, 'CheckpointDestroy', 'o', [checkpoint]));
    await this.forget((await this.stored()).filter((one) => one.tag !== tag));
  }

  async rollback(trial: WifiTrial): Promise<void> {
    const { tag, checkpoint } = parts(trial);
    await this.ifAny(this.ask(ROOT, NETWORK_MANAGER, 'CheckpointRollback', 'o', [checkpoint]));
    await this.forget((await this.stored()).filter((one) => one.tag === tag));
  }

  async close(): Promise<void> {
    this.options.close();
  }

  /** Profiles that are ours. Answers that make no sense count as somebody else's. */
  private async stored(): Promise<readonly Stored[]> {
    const face = `${NETWORK_MANAGER}.Settings`;
    const [paths] = await this.ask(SETTINGS, face, 'ListConnections', '', []);
    if (!Array.isArray(paths)) throw new Error('NetworkManager names no connections');
    const all = await Promise.all(paths.map((one) => this.storedAt(String(one))));
    return all.flatMap((one) => one ?? []);
  }

  private async storedAt(at: string): Promise<Stored | undefined> {
    const face = `${NETWORK_MANAGER}.Settings.Connection`;
    const bus = await this.options.bus();
    const [settings] = await this.ask(at, face, 'GetSettings', '', []).catch(() => []);
    const { connection, '802-11-wireless': wireless } = groups(settings);
    const tag = tagOfId(connection?.id);
    if (tag === undefined || !(wireless?.ssid instanceof Uint8Array)) return undefined;
    const { Flags = 0, Unsaved } = await bus.propertiesIfAny(NETWORK_MANAGER, at, face);
    const saved = Unsaved !== true && (Number(Flags) & UNSAVED) === 0;
    const kept = saved && connection?.autoconnect !== false;
    return { path: at, ssid: new TextDecoder().decode(wireless.ssid), tag, kept };
  }

  /** One that cannot be used is left out; `join` says so. */
  private async add(network: WifiNetwork, tag: string): Promise<void> {
    const profile = profileOf(network, { tag });
    if (!profile) return;
    const face = `${NETWORK_MANAGER}.Settings`;
    const flags = IN_MEMORY | BLOCK_AUTOCONNECT;
    await this.ask(SETTINGS, face, 'AddConnection2', 'a{sa{sv}}ua{sv}', [profile, flags, {}]);
  }

  private async forget(profiles: readonly Stored[]): Promise<void> {
    const face = `${NETWORK_MANAGER}.Settings.Connection`;
    for (const { path: at } of profiles) await this.ifAny(this.ask(at, face, 'Delete', '', []));
  }

  private async carriesTraffic(mine: readonly Stored[]): Promise<boolean> {
    const manager = await this.properties(ROOT, '');
    const active = await this.properties(String(manager.PrimaryConnection), '.Connection.Active');
    return mine.some(({ path: at }) => at === active.Connection);
  }

  /** The first one for Wi-Fi. */
  private async device(): Promise<string> {
    const { Devices } = await this.properties(ROOT, '');
    for (const at of Array.isArray(Devices) ? Devices : [])
      if ((await this.properties(String(at), '.Device')).DeviceType === DEVICE_WIFI)
        return String(at);
    throw new Error('this computer has no Wi-Fi that NetworkManager can use');
  }

  /** Looks before it leaves the network that works. */
  private async isSeen(device: string, ssid: string): Promise<boolean> {
    const { clock, scanMs = SCAN_MS } = this.options;
    const face = `${NETWORK_MANAGER}.Device.Wireless`;
    // Refused when the last scan was a moment ago: then its results are as good.
    await this.ask(device, face, 'RequestScan', 'a{sv}', [{}]).catch(() => {});
    const untilMs = clock.now() + scanMs;
    for (;;) {
      const { AccessPoints } = await this.properties(device, '.Device.Wireless');
      for (const at of Array.isArray(AccessPoints) ? AccessPoints : []) {
        const { Ssid } = await this.properties(String(at), '.AccessPoint');
        if (Ssid instanceof Uint8Array && new TextDecoder().decode(Ssid) === ssid) return true;
      }
      if (clock.now() >= untilMs) return false;
      await delay(clock, POLL_MS);
    }
  }

  private async activate(profile: string, device: string): Promise<WifiJoined> {
    // The reason is gone soon: NetworkManager turns to the next network at once.
    let why: WifiFailure = 'failed';
    const bus = await this.options.bus();
    const unsubscribe = bus.onSignal('StateChanged', (at, [state, , reason]) => {
      if (at === device && state === DEVICE_FAILED) why = REASONS[Number(reason)] ?? 'failed';
    });
    try {
      const active = path(
        await this.ask(ROOT, NETWORK_MANAGER, 'ActivateConnection', 'ooo', [profile, device, '/']),
      );
      for (;;) {
        const { State } = await this.properties(active, '.Connection.Active');
        if (State === ACTIVATED) return { ok: true };
        // An object that is gone was deactivated.
        if (State === undefined || Number(State) >= DEACTIVATING) return failed(why);
        await delay(this.options.clock, POLL_MS);
      }
    } catch (error) {
      if (error instanceof DBusError) return failed('failed');
      throw error;
    } finally {
      unsubscribe();
    }
  }

  private async properties(at: string, face: string): Promise<Properties> {
    const bus = await this.options.bus();
    return bus.propertiesIfAny(NETWORK_MANAGER, at, `${NETWORK_MANAGER}${face}`);
  }

  private async ask(
    at: string,
    face: string,
    member: string,
    signature: string,
    body: unknown[],
  ): Promise<unknown[]> {
    const bus = await this.options.bus();
    return bus.ask(NETWORK_MANAGER, at, { face, member, signature, body });
  }

  /** What was to end may be gone already; a service that refuses or does not answer is an error. */
  private async ifAny(call: Promise<unknown>): Promise<void> {
    await call.catch((error: unknown) => {
      if (!(error instanceof DBusError) || isDenied(error)) throw new Error(messageOf(error));
    });
  }
}

const failed = (why: WifiFailure): WifiJoined => ({ ok: false, why });

const isDenied = ({ type }: DBusError): boolean => /denied|PermissionDenied/i.test(type);

function path([first]: unknown[]): string {
  if (typeof first === 'string' && first.startsWith('/')) return first;
  throw new Error('NetworkManager answered with something else than an object');
}

function parts(trial: WifiTrial): { readonly tag: string; readonly checkpoint: string } {
  const [, tag, checkpoint] = /^(\d{1,16})@(\/[\w/]*)$/.exec(trial) ?? [];
  if (tag !== undefined && checkpoint !== undefined) return { tag, checkpoint };
  throw new Error('no trial of this computer');
}

function groups(settings: unknown): Readonly<Record<string, Properties | undefined>> {
  return typeof settings === 'object' && settings !== null
    ? (settings as Record<string, Properties>)
    : {};
}
