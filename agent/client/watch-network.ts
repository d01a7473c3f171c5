/** Calls `onChange` whenever the device's network is another than a moment ago. */
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
