/** The settings of a robot as one part of the agent: owner, places of effect, and report. */
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import type { WifiSettings } from '../../hal/ports/wifi-settings.ts';
import type { IceServerList } from '../access/ice-servers.ts';
import type { Broker } from '../broker/broker.ts';
import type { SettingsValue } from '../wire/settings.ts';
import { DisplayName } from './display-name.ts';
import { Limits } from './limits.ts';
import { logLevelApplier, type SetLogLevel } from './log-level.ts';
import { Privacy } from './privacy.ts';
import { ReportedPublisher } from './reported-publisher.ts';
import { type Configured, Settings } from './settings.ts';
import { SettingsStore } from './settings-store.ts';
import { turnApplier } from './turn.ts';
import { WifiChanger } from './wifi-changer.ts';

/** What of the computer and the agent settings reach; what is absent has no effect. */
export interface SettingsPorts {
  readonly wifi?: WifiSettings;
  readonly ice?: Pick<IceServerList, 'use'>;
  readonly setLogLevel?: SetLogLevel;
}

interface SettingsSideParts extends SettingsPorts {
  readonly robot: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly storage: Storage;
  /** Milliseconds since 1970. */
  readonly wall: () => number;
  /** The plaintext of a JWE to this robot; undefined when it is none. */
  readonly unseal: (jwe: string) => Promise<string | undefined>;
}

export class SettingsSide {
  readonly name = new DisplayName();
  readonly privacy = new Privacy();
  readonly limits = new Limits();
  private readonly publisher: ReportedPublisher;
  private readonly changer: WifiChanger | undefined;
  private settings: Settings | undefined;

  constructor(private readonly parts: SettingsSideParts) {
    const { robot, clock, log, wall, wifi } = parts;
    const sections = () => this.settings?.sections() ?? {};
    this.publisher = new ReportedPublisher({ robot, log, wall, sections });
    this.changer = wifi?.present
      ? new WifiChanger({
          ...{ wifi, clock, log, probe: () => this.publisher.send() },
          onBegun: async (trial) => (await this.settings?.wifiBegun(trial)) ?? false,
          onConfirmed: () => void this.settings?.wifiConfirmed(),
          onRejected: (reason) => void this.settings?.wifiRejected(reason),
        })
      : undefined;
  }

  /** Brings into force what is on disk, or what is configured where that cannot be read. */
  async open(): Promise<void> {
    const { storage, log, unseal, ice, setLogLevel } = this.parts;
    const store = await SettingsStore.open(storage, log);
    this.settings = new Settings({
      ...{ log, store, unseal, wifi: this.changer },
      appliers: {
        name: (value) => this.name.apply(value),
        turn: turnApplier(ice ?? { use: () => {} }),
        privacy: (value) => this.privacy.apply(value),
        limits: (value) => this.limits.apply(value),
        log: logLevelApplier(setLogLevel ?? (() => {})),
      },
      onChange: () => this.publisher.publish(),
    });
    this.settings.start();
  }

  publishTo(broker: Broker): void {
    this.publisher.publishTo(broker);
  }

  /** For `configure` orders; see SettingsPort of agent/orders. */
  async configure(settings: SettingsValue): Promise<Configured> {
    if (this.settings) return this.settings.configure(settings);
    return { ok: false, reason: 'notReady: the robot is starting: try again' };
  }

  /** Whether a pupil is in class: the network is not changed meanwhile. */
  follow(inClass: boolean): void {
    this.changer?.follow(inClass);
  }

  stop(): void {
    this.changer?.stop();
    this.publisher.stop();
  }
}
