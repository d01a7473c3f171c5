import type { ClientClock, ClientTimer } from './client-clock.ts';

/** Calls `onChange` whenever the device's network changes. */
export type WatchNetwork = (onChange: () => void) => void;

interface Target {
  addEventListener?(name: string, act: () => void): void;
}

interface Navigator {
  readonly onLine?: boolean;
  readonly connection?: Target;
}

/** The parts of a browser that are used; Node has none of them. */
interface Browser extends Target {
  readonly navigator?: Navigator;
}

/**
 * `online` comes with each network that is joined (Wi-Fi after a gap), `change` of the Network
 * Information API with each that is changed to (Wi-Fi to 4G). Browsers have the one, the other or
 * both; where neither speaks, the heartbeat notices. That a network was left is no news: nothing can be
 * done before the next one is joined, and then they speak again.
 */
export const watchBrowserNetwork: WatchNetwork = (onChange) => {
  const browser = globalThis as unknown as Browser;
  browser.addEventListener?.('online', onChange);
  browser.navigator?.connection?.addEventListener?.('change', () => {
    if (browser.navigator?.onLine !== false) onChange();
  });
};

/** A change of network comes as several events at once: they are one, and the last one counts. */
const SETTLES_MS = 150;
/** Without a sign of life within this time the old path counts as dead. */
const ASK_MS = 600;

interface NetworkChangeParts {
  readonly clock: ClientClock;
  /** Asks the robot for a sign of life now. */
  readonly askAlive: () => void;
  readonly stats: () => Promise<RTCStatsReport>;
  /** The old network still carries. */
  readonly onKept: () => void;
  /** Nothing comes by the old network any more. */
  readonly onCut: () => void;
}

/** Decides what a change of the device's network means for the current call. */
export class NetworkChange {
  private timer: ClientTimer | undefined;
  private words = 0;

  constructor(private readonly parts: NetworkChangeParts) {}

  noticed(): void {
    this.forget();
    this.timer = this.parts.clock.after(SETTLES_MS, () => void this.ask());
  }

  /** The robot said something. */
  heard(): void {
    this.words += 1;
  }

  /** The call is over. */
  forget(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  /** On a path that is full a sign of life waits for a second, and sound and pictures go on. */
  private async ask(): Promise<void> {
    const { clock, askAlive, onKept, onCut } = this.parts;
    const asked = this.timer;
    const before = await this.received();
    if (this.timer !== asked) return;
    askAlive();
    const answer = clock.after(ASK_MS, async () => {
      const after = await this.received();
      if (this.timer === answer) (after === before ? onCut : onKept)();
    });
    this.timer = answer;
  }

  /** Messages of the robot and packets of media. */
  private async received(): Promise<number> {
    const report = await this.parts.stats().catch(() => undefined);
    let packets = 0;
    for (const entry of report?.values() ?? [])
      if (entry.type === 'inbound-rtp') packets += entry.packetsReceived ?? 0;
    return this.words + packets;
  }
}
