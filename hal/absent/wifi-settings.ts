import type { WifiSettings } from '../ports/wifi-settings.ts';

const none = (): Promise<never> =>
  Promise.reject(new Error('the Wi-Fi of this computer is set in another way'));

/** A computer whose networks are not ours to set. */
export const absentWifi: WifiSettings = {
  present: false,
  known: async () => [],
  ...{ begin: none, join: none, behindPortal: none, confirm: none, rollback: none },
  close: async () => {},
};
