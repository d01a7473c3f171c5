import type { Clock, Timer } from '../ports/clock.ts';
import type {
  KnownWifi,
  WifiJoined,
  WifiNetwork,
  WifiSettings,
  WifiTrial,
} from '../ports/wifi-settings.ts';

/** A network that can be heard. */
export interface InTheAir {
  readonly ssid: string;
  readonly passphrase?: string;
  /** No address is given out. */
  readonly dead?: boolean;
  readonly portal?: boolean;
}

interface Profile extends KnownWifi {
  readonly network: WifiNetwork;
}

/**
 * A computer's Wi-Fi in memory, of which a trial goes back by itself. It outlives the process that
 * uses it; `rebooted` is the same computer after a power cut.
 */
export class FakeWifi implements WifiSettings {
  readonly present = true;
  /** SSID of the network that is joined; '' for none. */
  joined: string;
  /** While true, the service does not answer. */
  mute = false;
  private profiles: readonly Profile[] = [];
  private before: { readonly joined: string; readonly profiles: readonly Profile[] } | undefined;
  private trial: WifiTrial | undefined;
  private timer: Timer | undefined;
  private trials = 0;

  constructor(
    private readonly clock: Clock,
    readonly air: InTheAir[],
    /** The network that the computer has had from somebody else, and falls back to. */
    readonly first: string,
  ) {
    this.joined = first;
  }

  async known(): Promise<readonly KnownWifi[]> {
    this.answer();
    return this.profiles.map(({ ssid, tag, kept }) => ({ ssid, tag, kept }));
  }

  async begin(networks: readonly WifiNetwork[], tag: string, seconds: number): Promise<WifiTrial> {
    this.answer();
    if (this.trial !== undefined) throw new Error('another trial is under way');
    if (networks.length === 0 && this.profiles.some(({ ssid }) => ssid === this.joined))
      throw new Error('networks: expected at least one: the robot is connected by one of before');
    this.before = { joined: this.joined, profiles: this.profiles };
    const added = networks.map((network) => ({ ssid: network.ssid, tag, kept: false, network }));
    this.profiles = [...this.profiles.filter((one) => one.tag !== tag), ...added];
    this.trial = `${tag}@${++this.trials}`;
    this.arm(seconds);
    return this.trial;
  }

  async join(trial: WifiTrial, network: WifiNetwork, seconds: number): Promise<WifiJoined> {
    this.answer();
    if (trial !== this.trial) throw new Error('this trial is over');
    this.arm(seconds);
    const heard = this.air.find(({ ssid }) => ssid === network.ssid);
    if (!heard) return { ok: false, why: 'notSeen' };
    this.joined = '';
    const given = 'passphrase' in network ? network.passphrase : undefined;
    if (given !== heard.passphrase) return { ok: false, why: 'credentials' };
    if (heard.dead) return { ok: false, why: 'noAddress' };
    this.joined = network.ssid;
    return { ok: true };
  }

  async behindPortal(): Promise<boolean> {
    this.answer();
    return this.air.some(({ ssid, portal }) => ssid === this.joined && portal === true);
  }

  async confirm(trial: WifiTrial, networks: readonly WifiNetwork[]): Promise<void> {
    this.answer();
    const tag = tagOf(trial);
    const kept = this.profiles.filter((one) => one.tag === tag);
    if (kept.length < networks.length) throw new Error('this trial is over');
    this.profiles = kept.map((one) => ({ ...one, kept: true }));
    this.end();
  }

  async rollback(trial: WifiTrial): Promise<void> {
    this.answer();
    if (trial === this.trial) this.goBack();
    this.profiles = this.profiles.filter((one) => one.tag !== tagOf(trial));
  }

  async close(): Promise<void> {}

  /** The power is cut, and comes back: what was not kept is gone. */
  rebooted(): void {
    this.end();
    this.profiles = this.profiles.filter(({ kept }) => kept);
    const heard = (ssid: string): boolean => this.air.some((one) => one.ssid === ssid);
    this.joined = this.profiles.map(({ ssid }) => ssid).find(heard) ?? this.first;
  }

  private arm(seconds: number): void {
    this.timer?.cancel();
    this.timer = this.clock.after(seconds * 1_000, () => this.goBack());
  }

  private goBack(): void {
    if (this.before) {
      this.joined = this.before.joined;
      this.profiles = this.before.profiles;
    }
    this.end();
  }

  private end(): void {
    this.timer?.cancel();
    this.trial = undefined;
    this.before = undefined;
  }

  private answer(): void {
    if (this.mute) throw new Error('no answer from the network service');
  }
}

const tagOf = (trial: WifiTrial): string => trial.split('@', 1)[0] ?? '';
