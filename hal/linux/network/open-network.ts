import type { Clock, Timer } from '../../ports/clock.ts';
import { type Network, type NetworkState, unknownNetwork } from '../../ports/network.ts';
import { MODEM_MANAGER, readModemManager } from './modem-manager.ts';
import { NETWORK_MANAGER, readNetworkManager } from './network-manager.ts';
import { SystemBus, systemBusAddress } from './system-bus.ts';

/** Changes come in flurries; they are read once. */
const GATHER_MS = 250;
/** Also read without being told, which is how a bus that went away is found out. */
const REFRESH_MS = 20_000;
const RECONNECT_MS = 5_000;

const ACCESS_POINTS = '/org/freedesktop/NetworkManager/AccessPoint/';

export interface NetworkOptions {
  readonly clock: Clock;
  /** The system's bus where it is left out. */
  readonly address?: string;
}

/** Watches NetworkManager and ModemManager. Nothing about it fails: what is not there is unknown. */
export function openNetwork({ clock, address }: NetworkOptions): Network {
  const monitor = new NetworkMonitor(clock, address ?? systemBusAddress(process.env));
  monitor.connect();
  return monitor;
}

class NetworkMonitor implements Network {
  readonly present = true;
  private state = unknownNetwork;
  private readonly listeners = new Set<(state: NetworkState) => void>();
  private bus: SystemBus | undefined;
  private timer: Timer | undefined;
  /** Path of the access point that is joined. */
  private joined: string | undefined;
  private reading = false;
  private again = false;
  private closed = false;

  constructor(
    private readonly clock: Clock,
    private readonly address: string,
  ) {}

  read(): NetworkState {
    return this.state;
  }

  onChange(listener: (state: NetworkState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.listeners.clear();
    this.timer?.cancel();
    this.bus?.close();
    this.bus = undefined;
  }

  connect(): void {
    if (this.closed) return;
    void this.open().catch(() => this.lose());
  }

  private async open(): Promise<void> {
    let mine: SystemBus | undefined;
    const bus = await SystemBus.open(this.address, this.clock, () => {
      if (mine !== undefined && mine === this.bus) this.lose();
    });
    mine = bus;
    if (this.closed) {
      bus.close();
      return;
    }
    this.bus = bus;
    for (const service of [NETWORK_MANAGER, MODEM_MANAGER])
      await bus.watch(service, (path) => this.heard(path));
    await this.refresh();
  }

  /** The bus itself is gone, or there is none yet. */
  private lose(): void {
    this.bus?.close();
    this.bus = undefined;
    this.become(unknownNetwork);
    if (this.closed) return;
    this.timer?.cancel();
    this.timer = this.clock.after(RECONNECT_MS, () => this.connect());
  }

  private heard(path: string): void {
    // Those of the neighbours come, go and flicker all the time.
    if (path.startsWith(ACCESS_POINTS) && path !== this.joined) return;
    this.refreshSoon();
  }

  /** The first of a flurry sets the time, so that one without end is read all the same. */
  private refreshSoon(): void {
    if (this.closed || !this.bus || this.again) return;
    this.again = true;
    if (!this.reading) this.refreshIn(GATHER_MS);
  }

  private refreshIn(ms: number): void {
    this.timer?.cancel();
    this.timer = this.clock.after(ms, () => void this.refresh());
  }

  private async refresh(): Promise<void> {
    const { bus } = this;
    if (!bus) return;
    this.reading = true;
    this.again = false;
    // One may be there without the other.
    const [network, modem] = await Promise.allSettled([
      readNetworkManager(bus),
      readModemManager(bus),
    ]);
    this.reading = false;
    if (this.closed || bus !== this.bus) return;
    if (isClosed(network) && isClosed(modem)) {
      this.lose();
      return;
    }
    this.joined = network.status === 'fulfilled' ? network.value.joined : undefined;
    this.become({
      ...unknownNetwork,
      ...(network.status === 'fulfilled' && network.value.state),
      ...(modem.status === 'fulfilled' && { modem: modem.value }),
    });
    this.refreshIn(this.again ? GATHER_MS : REFRESH_MS);
  }

  private become(state: NetworkState): void {
    if (JSON.stringify(state) === JSON.stringify(this.state)) return;
    this.state = state;
    for (const listener of [...this.listeners]) listener(state);
  }
}

/** No answer at all, as opposed to the bus answering that nobody has that name. */
function isClosed(outcome: PromiseSettledResult<unknown>): boolean {
  if (outcome.status === 'fulfilled') return false;
  const { type } = outcome.reason as { type?: unknown };
  return typeof type !== 'string';
}
