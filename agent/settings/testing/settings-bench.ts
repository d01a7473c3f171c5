import { FakeWifi, type InTheAir } from '../../../hal/fake/wifi.ts';
import { silentLog } from '../../../hal/ports/log.ts';
import type { WifiSettings } from '../../../hal/ports/wifi-settings.ts';
import { MemoryStorage } from '../../../sim/testing/memory-storage.ts';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { IceServerList } from '../../access/ice-servers.ts';
import { FakeBroker } from '../../testing/fake-broker.ts';
import type { Reported } from '../../wire/settings.ts';
import { topics } from '../../wire/topics.ts';
import { SettingsSide } from '../settings-side.ts';

export const ROBOT = 'robot-7';

/** A disk that refuses while `full`. */
class FillingDisk extends MemoryStorage {
  full = false;

  override async write(name: string, text: string): Promise<void> {
    if (this.full) throw new Error('no space left');
    await super.write(name, text);
  }
}

/** Settings of a robot in a school with these networks; it begins on `School`. */
export class SettingsBench {
  readonly clock = new SimClock();
  readonly disk = new FillingDisk();
  readonly broker = new FakeBroker();
  readonly wifi: FakeWifi;
  readonly levels: (string | undefined)[] = [];
  readonly ice = new IceServerList({
    ice: { servers: [{ urls: 'stun:first.example', for: 'both' }], policy: 'all' },
    ...{ robot: ROBOT, wall: () => 0, clockTrusted: () => true },
  });
  /** From which networks the broker is reached. */
  reaching = new Set(['School', 'New']);
  side!: SettingsSide;

  constructor(air: InTheAir[] = [{ ssid: 'School' }, { ssid: 'New', passphrase: 'new secret' }]) {
    this.wifi = new FakeWifi(this.clock, air, 'School');
    const send = this.broker.publish.bind(this.broker);
    this.broker.publish = async (topic, payload, options) => {
      if (!this.reaching.has(this.wifi.joined)) throw new Error('broker out of reach');
      await send(topic, payload, options);
    };
  }

  /** Also after a crash: what was before does nothing any more. */
  async start(wifi: WifiSettings | undefined = this.wifi): Promise<this> {
    this.side?.stop();
    this.side = new SettingsSide({
      ...{ robot: ROBOT, clock: this.clock, log: silentLog, storage: this.disk },
      wall: () => this.clock.wall(),
      ...(wifi && { wifi }),
      ice: this.ice,
      setLogLevel: (level) => this.levels.push(level),
      unseal: async (jwe) => (jwe.startsWith('to-7:') ? jwe.slice(5) : undefined),
    });
    await this.side.open();
    this.side.publishTo(this.broker);
    await this.clock.advance(1);
    return this;
  }

  set(section: string, version: number, value: object) {
    return this.side.configure({ section, version, value: value as Record<string, unknown> });
  }

  get reported(): Reported {
    const last = this.broker.on(topics.reported(ROBOT)).at(-1);
    if (last === undefined) throw new Error('nothing was reported');
    return last as Reported;
  }
}
