/**
 * NetworkManager as far as a trial of Wi-Fi networks asks it: profiles in memory and on disk,
 * checkpoints that go back by themselves, a device that joins what is in the air.
 */
import { type Message, Variant } from '@jellybrick/dbus-next';
import type { Clock, Timer } from '../ports/clock.ts';
import { type FakeMethod, FakeRefusal, FakeService, NM } from './network-services.ts';
import type { InTheAir } from './wifi.ts';

const ROOT = '/org/freedesktop/NetworkManager';
const SETTINGS = `${ROOT}/Settings`;
const DEVICE = `${ROOT}/Devices/3`;
const CONNECTION = `${NM}.Settings.Connection`;

type Settings = Record<string, Record<string, Variant>>;
interface Held {
  settings: Settings;
  saved: boolean;
}

export class FakeNetworkManager {
  readonly service: FakeService;
  /** Methods that are answered with this instead, for hostile replies. */
  readonly hostile = new Map<string, readonly [string, unknown[]]>();
  private readonly profiles = new Map<string, Held>();
  private checkpoint: { path: string; profiles: Map<string, Held>; active: string } | undefined;
  private timer: Timer | undefined;
  private made = 0;
  private active: string;

  constructor(
    private readonly clock: Clock,
    private readonly air: readonly InTheAir[],
    first: string,
  ) {
    this.active = this.store(
      {
        connection: { id: new Variant('s', first), autoconnect: new Variant('b', true) },
        '802-11-wireless': { ssid: new Variant('ay', Buffer.from(first)) },
      },
      true,
    );
    this.service = new FakeService(NM, this.objects(), (call) => this.answer(call));
    this.show();
  }

  /** SSID of the network that is joined. */
  get joined(): string {
    return this.ssidOf(this.active);
  }

  /** Of each profile on disk, whatever made it: SSID, and whether it joins by itself. */
  get saved(): readonly (readonly [string, boolean])[] {
    return [...this.profiles]
      .filter(([, { saved }]) => saved)
      .map(([at, { settings }]) => [
        this.ssidOf(at),
        settings.connection?.autoconnect?.value === true,
      ]);
  }

  profile(ssid: string): Settings | undefined {
    return [...this.profiles.values()]
      .map(({ settings }) => settings)
      .findLast((one) => String(one['802-11-wireless']?.ssid?.value) === ssid);
  }

  private objects(): ConstructorParameters<typeof FakeService>[1] {
    const points = this.air.map(({ ssid }, n) => [
      `${ROOT}/AccessPoint/${n}`,
      { [`${NM}.AccessPoint`]: { Ssid: new Variant('ay', Buffer.from(ssid)) } },
    ]);
    const seen = points.map(([at]) => at);
    return {
      [ROOT]: { [NM]: { Devices: new Variant('ao', [`${ROOT}/Devices/1`, DEVICE]) } },
      [`${ROOT}/Devices/1`]: { [`${NM}.Device`]: { DeviceType: new Variant('u', 14) } },
      [DEVICE]: {
        [`${NM}.Device`]: { DeviceType: new Variant('u', 2) },
        [`${NM}.Device.Wireless`]: { AccessPoints: new Variant('ao', seen) },
      },
      ...Object.fromEntries(points),
    };
  }

  private answer(call: Message): ReturnType<FakeMethod> {
    const hostile = this.hostile.get(call.member);
    if (hostile) return hostile;
    const [first, second] = call.body;
    switch (call.member) {
      case 'ListConnections':
        return ['ao', [[...this.profiles.keys()]]];
      case 'GetSettings':
        return ['a{sa{sv}}', [this.at(call.path).settings]];
      case 'AddConnection2':
        return ['oa{sv}', [this.store(first as Settings, ((second as number) & 1) !== 0), {}]];
      case 'Update2': {
        this.at(call.path);
        this.profiles.set(call.path, {
          settings: first as Settings,
          saved: ((second as number) & 1) !== 0,
        });
        this.show();
        return ['a{sv}', [{}]];
      }
      case 'Delete':
        this.at(call.path);
        this.profiles.delete(call.path);
        if (call.path === this.active) this.active = [...this.profiles.keys()][0] ?? '/';
        this.show();
        return ['', []];
      case 'RequestScan':
        return ['', []];
      case 'ActivateConnection':
        return ['o', [this.activate(String(first))]];
      case 'CheckConnectivity': {
        const portal = this.air.some((one) => one.ssid === this.joined && one.portal === true);
        return ['u', [portal ? 2 : 4]];
      }
      default:
        return this.checkpoints(call);
    }
  }

  private checkpoints(call: Message): ReturnType<FakeMethod> {
    const [first, second] = call.body;
    switch (call.member) {
      case 'CheckpointCreate':
        if (this.checkpoint) throw new FakeRefusal('device already included in a checkpoint');
        this.checkpoint = {
          path: `${ROOT}/Checkpoint/${++this.made}`,
          ...{ profiles: new Map(this.profiles), active: this.active },
        };
        this.arm(Number(second));
        return ['o', [this.checkpoint.path]];
      case 'CheckpointAdjustRollbackTimeout':
        this.know(first);
        this.arm(Number(second));
        return ['', []];
      case 'CheckpointDestroy':
        this.know(first);
        this.end();
        return ['', []];
      case 'CheckpointRollback':
        this.know(first);
        this.goBack();
        return ['a{su}', [{ [DEVICE]: 0 }]];
      default:
        return undefined;
    }
  }

  private activate(at: string): string {
    const { settings } = this.at(at);
    const heard = this.air.find(({ ssid }) => ssid === this.ssidOf(at));
    const psk = settings['802-11-wireless-security']?.psk?.value;
    const reason = !heard ? 53 : psk !== heard.passphrase ? 7 : heard.dead ? 5 : 0;
    const active = `${ROOT}/ActiveConnection/${++this.made}`;
    if (reason > 0) {
      this.service.signal(DEVICE, `${NM}.Device`, 'StateChanged', 'uuu', [120, 60, reason]);
      return active;
    }
    this.active = at;
    this.show();
    this.service.objects[active] = {
      [`${NM}.Connection.Active`]: { State: new Variant('u', 2), Connection: new Variant('o', at) },
    };
    return active;
  }

  private store(settings: Settings, saved: boolean): string {
    const at = `${SETTINGS}/${++this.made}`;
    this.profiles.set(at, { settings, saved });
    if (this.service) this.show();
    return at;
  }

  private at(path: string): Held {
    const held = this.profiles.get(path);
    if (!held) throw new FakeRefusal('no such connection');
    return held;
  }

  /** As properties: flags of each profile, and the connection that carries the traffic. */
  private show(): void {
    const { objects } = this.service;
    for (const [at, { saved }] of this.profiles)
      objects[at] = { [CONNECTION]: { Unsaved: new Variant('b', !saved) } };
    const primary = `${ROOT}/ActiveConnection/primary`;
    objects[primary] = {
      [`${NM}.Connection.Active`]: { Connection: new Variant('o', this.active) },
    };
    const manager = objects[ROOT]?.[NM];
    if (manager) manager.PrimaryConnection = new Variant('o', primary);
  }

  private know(path: unknown): void {
    if (this.checkpoint?.path !== path) throw new FakeRefusal('no such checkpoint');
  }

  private arm(seconds: number): void {
    this.timer?.cancel();
    this.timer = this.clock.after(seconds * 1_000, () => this.goBack());
  }

  private goBack(): void {
    const { checkpoint } = this;
    if (!checkpoint) return;
    this.profiles.clear();
    for (const [at, held] of checkpoint.profiles) this.profiles.set(at, held);
    this.active = checkpoint.active;
    this.end();
    this.show();
  }

  private end(): void {
    this.timer?.cancel();
    this.checkpoint = undefined;
  }

  private ssidOf(at: string): string {
    return String(this.profiles.get(at)?.settings['802-11-wireless']?.ssid?.value ?? '');
  }
}
